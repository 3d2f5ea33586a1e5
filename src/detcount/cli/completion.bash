_@name@() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words='' files=''
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        words=@commands@
    else
        case "${COMP_WORDS[1]} $before" in
@cases@
        esac
    fi
    local found
    while IFS= read -r found; do COMPREPLY+=("$found"); done < <(
        [ -z "$words" ] || compgen -W "$words" -- "$word"
        [ -z "$files" ] || [ "${word#-}" != "$word" ] || compgen -f -- "$word"
    )
    [ -z "$files" ] || compopt -o filenames 2>/dev/null
}
complete -F _@name@ @name@
