# Sourced by .ci/run: installs what is missing and tells the tests where it is.
# The programs that the tests compare with live in a virtual environment outside the checkout.

peers=${ASSAY_PEERS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/assay-ci/peers}
vectors=$peers/packaging.jsonl
attestations=$peers/attestations
old_wheel=$peers/wheel-0.31.1

install_tools() {
    local missing=()
    command -v git >/dev/null || missing+=(git)
    command -v cc >/dev/null || missing+=(build-essential)
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3 python3-venv)
    # The activate scripts of virtual environments are tried in these shells.
    command -v tcsh >/dev/null || missing+=(tcsh)
    command -v fish >/dev/null || missing+=(fish)
    # They sign files.
    command -v ssh-keygen >/dev/null || missing+=(openssh-client)
    command -v minisign >/dev/null || missing+=(minisign)
    command -v gpg >/dev/null || missing+=(gnupg)
    # A tier of the sandbox.
    command -v bwrap >/dev/null || missing+=(bubblewrap)
    # Kills installs at each of their system calls.
    command -v strace >/dev/null || missing+=(strace)
    if [ ${#missing[@]} -gt 0 ]; then
        step as_root apt-get update -qq
        step as_root apt-get install -y -qq "${missing[@]}"
    fi
    if ! cargo deny --version >/dev/null 2>&1; then
        step cargo install cargo-deny --locked --version '^0.20'
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_peers() {
    if cmp -s .ci/peers.txt "$peers/installed.txt" && [ -d "$old_wheel" ]; then
        echo "in $peers already"
        return
    fi
    python3 -m venv --clear "$peers"
    local pip=("$peers/bin/python" -m pip install --quiet --disable-pip-version-check)
    "${pip[@]}" -r .ci/peers.txt
    # The last one that signs wheels.
    "${pip[@]}" --no-deps --target "$old_wheel" wheel==0.31.1
    cp .ci/peers.txt "$peers/installed.txt"
}

# What packaging's own tests ask of packaging, for the tests of assay-types.
ask_packaging() {
    local recorder=suites/packaging
    if [ "$vectors" -nt $recorder/questions ] && [ "$vectors" -nt $recorder/record.py ]; then
        echo "in $vectors already"
        return
    fi
    "$peers/bin/python" $recorder/questions "$vectors"
}

# Real attestations with their files, for the tests of assay-trust and of the command.
fetch_attestations() {
    local fetcher=suites/attestations/fetch
    if [ "$attestations" -nt $fetcher ]; then
        echo "in $attestations already"
        return
    fi
    "$peers/bin/python" $fetcher "$attestations"
}

# With ASSAY_PEERS=required a test that finds no peer fails, where it would skip for a user.
announce_peers() {
    export ASSAY_PEERS=required
    export ASSAY_PEER_PYTHON=$peers/bin/python
    export ASSAY_PEER_UV=$peers/bin/uv
    export ASSAY_PACKAGING_VECTORS=$vectors
    export ASSAY_ATTESTATIONS=$attestations
    export ASSAY_OLD_WHEEL=$old_wheel
    # Collections that lie beside the checkout where we develop, and nowhere else.
    local shared
    if shared=$(cd ../shared 2>/dev/null && pwd); then
        [ -d "$shared/hostile" ] && export ASSAY_HOSTILE_DIR=$shared/hostile
        [ -f "$shared/packse/scenarios.json" ] && export ASSAY_PACKSE=$shared/packse/scenarios.json
    fi
    env | grep '^ASSAY_' | sort
}
