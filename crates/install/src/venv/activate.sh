# Source this from sh, bash or zsh: `. bin/activate`. `deactivate` undoes it.

deactivate() {
    if [ -n "${_ASSAY_OLD_PATH+set}" ]; then
        PATH="$_ASSAY_OLD_PATH"
        export PATH
        unset _ASSAY_OLD_PATH
    fi
    if [ -n "${_ASSAY_OLD_PYTHONHOME+set}" ]; then
        PYTHONHOME="$_ASSAY_OLD_PYTHONHOME"
        export PYTHONHOME
        unset _ASSAY_OLD_PYTHONHOME
    fi
    if [ -n "${_ASSAY_OLD_PS1+set}" ]; then
        PS1="$_ASSAY_OLD_PS1"
        unset _ASSAY_OLD_PS1
    fi
    unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT
    # Shells that remember where commands lie must forget it.
    hash -r 2>/dev/null || true
    if [ "${1-}" != keep ]; then
        unset -f deactivate
    fi
}

# An environment that is active already is left first.
deactivate keep

VIRTUAL_ENV=@FOLDER@
VIRTUAL_ENV_PROMPT=@PROMPT@
export VIRTUAL_ENV VIRTUAL_ENV_PROMPT

_ASSAY_OLD_PATH="$PATH"
PATH="$VIRTUAL_ENV/bin:$PATH"
export PATH

if [ -n "${PYTHONHOME+set}" ]; then
    _ASSAY_OLD_PYTHONHOME="$PYTHONHOME"
    unset PYTHONHOME
fi

if [ -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then
    _ASSAY_OLD_PS1="${PS1-}"
    PS1="$VIRTUAL_ENV_PROMPT${PS1-}"
fi
