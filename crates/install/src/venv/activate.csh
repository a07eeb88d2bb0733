# Source this from csh or tcsh: `source bin/activate.csh`. `deactivate` undoes it.

alias deactivate 'if ( $?_assay_old_path ) setenv PATH "$_assay_old_path"; if ( $?_assay_old_prompt ) set prompt = "$_assay_old_prompt"; unset _assay_old_path _assay_old_prompt; unsetenv VIRTUAL_ENV VIRTUAL_ENV_PROMPT; rehash; test "\!:*" != keep && unalias deactivate'

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
