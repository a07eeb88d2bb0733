# Source this from csh or tcsh: `source bin/activate.csh`. `deactivate` undoes it.

# `if` would look at variables that are not set; `test … &&` does not.
alias deactivate 'test $?_assay_old_path != 0 && setenv PATH "$_assay_old_path" && unset _assay_old_path; test $?_assay_old_prompt != 0 && set prompt = "$_assay_old_prompt" && unset _assay_old_prompt; unsetenv VIRTUAL_ENV; unsetenv VIRTUAL_ENV_PROMPT; rehash; test "\!:*" != keep && unalias deactivate'

# An environment that is active already is left first.
deactivate keep

setenv VIRTUAL_ENV @FOLDER@
setenv VIRTUAL_ENV_PROMPT @PROMPT@

set _assay_old_path = "$PATH"
setenv PATH "${VIRTUAL_ENV}/bin:${PATH}"

if ( ! $?VIRTUAL_ENV_DISABLE_PROMPT ) then
    if ( $?prompt ) then
        set _assay_old_prompt = "$prompt"
        set prompt = "${VIRTUAL_ENV_PROMPT}$prompt"
    endif
endif

rehash
