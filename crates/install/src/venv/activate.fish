# Source this from fish: `source bin/activate.fish`. `deactivate` undoes it.

function deactivate -d "Leave the virtual environment"
    if set -q _assay_old_path
        set -gx PATH $_assay_old_path
        set -e _assay_old_path
    end
    if set -q _assay_old_pythonhome
        set -gx PYTHONHOME $_assay_old_pythonhome
        set -e _assay_old_pythonhome
    end
    if functions -q _assay_old_prompt
        functions -e fish_prompt
        functions -c _assay_old_prompt fish_prompt
        functions -e _assay_old_prompt
    end
    set -e VIRTUAL_ENV
    set -e VIRTUAL_ENV_PROMPT
    if test "$argv[1]" != keep
        functions -e deactivate
    end
end

# An environment that is active already is left first.
deactivate keep

set -gx VIRTUAL_ENV @FOLDER@
set -gx VIRTUAL_ENV_PROMPT @PROMPT@
set -g _assay_old_path $PATH
set -gx PATH "$VIRTUAL_ENV/bin" $PATH

if set -q PYTHONHOME
    set -g _assay_old_pythonhome $PYTHONHOME
    set -e PYTHONHOME
end

if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"; and functions -q fish_prompt
    functions -c fish_prompt _assay_old_prompt
    function fish_prompt
        # The status of the last command is what the old prompt may want to show.
        set -l last $status
        printf '%s' $VIRTUAL_ENV_PROMPT
        echo "exit $last" | source
        _assay_old_prompt
    end
end
