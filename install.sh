#!/usr/bin/env bash
# Builds local-mcp from this checkout and installs it for this user, on macOS and Linux, without root.
#
#   ./install.sh [--prefix DIR]               build, install, register with Claude Code, test
#   ./install.sh [--prefix DIR] --uninstall   remove what the installation put there
#   ./install.sh --help
#
# DIR is ~/.local unless named. Running it again replaces the program as a whole; a build that fails leaves the old one working.
#
#   DIR/lib/local-mcp                                the program and its smoke-test model
#   DIR/lib/local-mcp/llamasharp                     an engine on LLamaSharp, only where no llama-server is found and the package feed has it
#   DIR/bin/local-mcp                                a link to it
#   ~/.local/share/local-mcp/engine                  a private llama-server, only where there is neither (XDG_DATA_HOME is honoured)
#   ~/.claude/commands/switch-model.md               the slash command (CLAUDE_CONFIG_DIR is honoured)
#   the MCP server `local` in Claude Code's user scope, where `claude` is on PATH
#
# Ends with the exit code of `local-mcp test hello`; 1 when something is missing or failed, 2 for wrong arguments.
# Keeps to bash 3.2, which is what macOS has.
set -euo pipefail

homebrew_folders='/opt/homebrew/bin /usr/local/bin /home/linuxbrew/.linuxbrew/bin'
work=''
stage=''
aside=''

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

main() {
    exec </dev/null
    settle_home
    read_arguments "$@"
    settle_places
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    if "$uninstalling"; then uninstall; exit 0; fi

    check_places
    find_sdk
    work=$(mktemp -d "${TMPDIR:-/tmp}/local-mcp-install.XXXXXX") || stop "No temporary folder can be made in ${TMPDIR:-/tmp}. Set TMPDIR to a folder that you may write to."
    build_program
    build_second_engine
    swap_in
    provide_engine
    install_slash_command
    register
    test_it
}

# ---- arguments and places

usage() {
    cat <<'END'
Builds local-mcp from this checkout and installs it for this user: no root.

  ./install.sh                 install to ~/.local, or update what is there
  ./install.sh --prefix DIR    install to DIR/bin/local-mcp and DIR/lib/local-mcp
  ./install.sh --uninstall     remove it (with the same --prefix); settings and models are kept
  ./install.sh --help          this text
END
}

# Without HOME, the home folder of the user database.
settle_home() {
    if [ -z "${HOME-}" ]; then
        unset HOME
        HOME=~
        export HOME
    fi
}

read_arguments() {
    prefix=$HOME/.local
    uninstalling=false
    while [ $# -gt 0 ]; do
        case $1 in
            --prefix)
                if [ $# -lt 2 ]; then wrong "--prefix needs a folder."; fi
                prefix=$2
                shift
                ;;
            --prefix=*) prefix=${1#--prefix=} ;;
            --uninstall) uninstalling=true ;;
            --help | -h) usage; exit 0 ;;
            *) wrong "Unknown argument: $1" ;;
        esac
        shift
    done
    case $prefix in
        '') wrong "--prefix needs a folder." ;;
        \~) prefix=$HOME ;;
        \~/*) prefix=$HOME/${prefix#\~/} ;;
        /*) ;;
        *) prefix=$PWD/$prefix ;;
    esac
    while [ "$prefix" != "${prefix%/}" ]; do prefix=${prefix%/}; done
}

wrong() {
    say "$*" >&2
    usage >&2
    exit 2
}

settle_places() {
    root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
    project=$root/src/LocalMcp/LocalMcp.csproj
    second_project=$root/src/LocalMcp.LlamaSharpEngine/LocalMcp.LlamaSharpEngine.csproj
    second_name=llamasharp/local-mcp-llamasharp
    program=$prefix/bin/local-mcp
    library=$prefix/lib/local-mcp
    data=$(below "${XDG_DATA_HOME-}" "$HOME/.local/share")
    config=$(below "${XDG_CONFIG_HOME-}" "$HOME/.config")
    engine_folder=$data/engine
    menu_source=$root/.claude/commands/switch-model.md
    menu=${CLAUDE_CONFIG_DIR:-$HOME/.claude}/commands/switch-model.md
    menu_installed=$library/switch-model.md
}

# XDG's rule: a relative path in these variables does not count.
below() {
    case $1 in
        /*) printf '%s/local-mcp' "${1%/}" ;;
        *) printf '%s/local-mcp' "$2" ;;
    esac
}

# What would end in a half installation is found out before the build.
check_places() {
    local folder
    may_write "$HOME" || stop "Your home folder $HOME cannot be written to, and the build keeps its packages there. Set HOME to one that can. Nothing was installed."
    for folder in "$prefix/bin" "$prefix/lib"; do
        may_write "$folder" || stop "You may not write to $folder. Choose another place with --prefix DIR. Nothing was installed."
    done
    if [ -e "$program" ] || [ -L "$program" ]; then
        is_our_link || stop "$program is there and is not a link of this installer. Move it away, or choose another place with --prefix DIR. Nothing was installed."
    fi
    if [ -e "$library" ] && [ ! -f "$library/local-mcp" ]; then
        stop "$library is there and holds something else. Move it away, or choose another place with --prefix DIR. Nothing was installed."
    fi
}

may_write() {
    local folder=$1
    while [ ! -e "$folder" ]; do folder=$(dirname -- "$folder"); done
    [ -d "$folder" ] && [ -w "$folder" ] && [ -x "$folder" ]
}

is_our_link() {
    case $(readlink "$program" 2>/dev/null) in
        ../lib/local-mcp/*) return 0 ;;
        *) return 1 ;;
    esac
}

# shellcheck disable=SC2317 # the trap calls it
clean_up() {
    if [ -n "$aside" ] && [ -e "$aside" ] && [ ! -e "$library" ]; then mv "$aside" "$library"; fi
    if [ -n "$aside" ]; then rm -rf "$aside"; fi
    if [ -n "$stage" ] && [ -e "$stage" ]; then
        rm -rf "$stage"
        rmdir "$prefix/lib" "$prefix" 2>/dev/null || true
    fi
    if [ -n "$work" ]; then rm -rf "$work"; fi
}

# ---- the .NET SDK

# The first dotnet that satisfies global.json; an older one on PATH does not hide a newer one at home.
find_sdk() {
    local candidate version found=''
    for candidate in "$(command -v dotnet || true)" "${DOTNET_ROOT:-$HOME/.dotnet}/dotnet" "$HOME/.dotnet/dotnet"; do
        if [ -z "$candidate" ] || [ ! -x "$candidate" ]; then continue; fi
        found=$candidate
        if version=$(cd "$root" && run_dotnet "$candidate" --version 2>/dev/null); then
            dotnet=$candidate
            say "SDK: .NET $version ($dotnet)"
            return
        fi
    done
    if [ -n "$found" ]; then found=" $found is there, and has no SDK 10."; fi
    stop "The .NET SDK 10 is needed to build local-mcp, and was not found on PATH, in DOTNET_ROOT or in ~/.dotnet.$found
Install it from https://dotnet.microsoft.com/download/dotnet/10.0 (no root needed with its install script), then run this again. Nothing was installed."
}

# Without a greeting, telemetry, certificates, or processes that stay behind.
run_dotnet() {
    DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false \
        DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false "$@"
}

# ---- build

# The fastest start first. Compiling ahead of time takes the runtime's package, which not every feed has for every platform; what then
# remains is the program for the runtime that came with the SDK.
build_program() {
    local rid
    rid=$(runtime_identifier)
    say "Build: from $root; this takes a minute or two"
    if [ -n "$rid" ]; then
        build "one trimmed file with the runtime in it, compiled ahead of time ($rid)" \
            -p:RuntimeIdentifier="$rid" -p:SelfContained=true -p:PublishTrimmed=true -p:PublishSingleFile=true -p:PublishReadyToRun=true && return
        say "Build: not all packages for that can be had, or it does not run here; trying without"
    fi
    build "for the installed .NET runtime, compiled at start" -p:SelfContained=false && return
    stop "The build did not get its packages: $(first_error)
Check the network and the package feed (\`dotnet nuget list source\`), then run this again. What was installed before is unchanged."
}

runtime_identifier() {
    local system processor
    case $(uname -s) in
        Darwin) system=osx ;;
        Linux) system=linux ;;
        *) return 0 ;;
    esac
    case $(uname -m) in
        arm64 | aarch64) processor=arm64 ;;
        x86_64 | amd64) processor=x64 ;;
        *) return 0 ;;
    esac
    # A translated shell on an Apple chip calls itself x86_64.
    if [ "$system" = osx ] && [ "$(sysctl -n hw.optional.arm64 2>/dev/null)" = 1 ]; then processor=arm64; fi
    printf '%s-%s' "$system" "$processor"
}

# Builds in one way and leaves the result in $stage. Fails when the packages for it cannot be had, or its result does not run here;
# a build that fails otherwise ends the installation, because the next way would fail too. Called where set -e does not hold.
build() {
    local what=$1
    shift
    # Code style and package advisories are for those who develop this: a newer SDK's opinion must not stop an installation.
    # The warnings of compiler and trimmer stay errors.
    set -- -p:NuGetAudit=false -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false "$@"
    rm -rf "$work/artifacts" "$work/program"
    say "Build: $what"
    run_dotnet "$dotnet" restore "$project" --artifacts-path "$work/artifacts" "$@" >"$work/log" 2>&1 || return 1
    if ! run_dotnet "$dotnet" publish "$project" --no-restore --configuration Release --artifacts-path "$work/artifacts" --output "$work/program" "$@" >"$work/log" 2>&1; then
        tail -n 20 "$work/log" >&2
        stop "The build failed, see above. What was installed before is unchanged."
    fi
    stage=$prefix/lib/.local-mcp.new.$$
    rm -rf "$stage"
    if ! { mkdir -p "$stage" && cp -R "$work/program/." "$stage/" && cp "$menu_source" "$stage/switch-model.md"; }; then
        stop "The program could not be copied to $prefix/lib, see above. What was installed before is unchanged."
    fi
    settle_entry
}

# The name of what DIR/bin/local-mcp points to. A program that finds its runtime only with the help of DOTNET_ROOT, as with an SDK
# in ~/.dotnet, gets a script that says where it is.
settle_entry() {
    local runtimes
    entry=local-mcp
    runs "$stage/local-mcp" --version && return
    runtimes=$(runtimes_folder)
    if [ -z "$runtimes" ] || ! DOTNET_ROOT=$runtimes "$stage/local-mcp" --version >"$work/log" 2>&1; then return 1; fi
    entry=start
    write_start "$stage/start" "$runtimes" "$library/local-mcp"
}

runs() { env -u DOTNET_ROOT -u DOTNET_ROOT_X64 -u DOTNET_ROOT_ARM64 "$1" "$2" >"$work/log" 2>&1; }

runtimes_folder() {
    "$dotnet" --list-runtimes 2>/dev/null | sed -n 's,^Microsoft\.NETCore\.App 10\.[^[]*\[\(.*\)/shared/Microsoft\.NETCore\.App\]$,\1,p' | tail -n 1
}

# A script that starts a program with the runtime that it would not find: write_start SCRIPT RUNTIMES PROGRAM
write_start() {
    local quoted
    quoted=$(printf '%s\n%s\n' "$2" "$3" | sed "s/'/'\\\\''/g; s/^/'/; s/\$/'/")
    printf '#!/bin/sh\nDOTNET_ROOT=%s exec %s "$@"\n' "$(printf '%s\n' "$quoted" | sed -n 1p)" "$(printf '%s\n' "$quoted" | sed -n 2p)" >"$1"
    chmod 755 "$1"
}

# An engine of our own for a machine without llama-server, where the package feed has LLamaSharp: the feed is asked once. It is a part of
# the program's folder, so it comes and goes with it. Without it the installation goes on.
build_second_engine() {
    local rid
    second=false
    find_llama_server >/dev/null && return
    rid=$(runtime_identifier)
    if [ -z "$rid" ]; then return; fi
    set -- -p:WithLLamaSharp=true -p:RuntimeIdentifier="$rid" -p:SelfContained=false -p:NuGetAudit=false -p:RunAnalyzers=false -p:EnforceCodeStyleInBuild=false
    run_dotnet "$dotnet" restore "$second_project" --artifacts-path "$work/artifacts" "$@" >"$work/log" 2>&1 || return 0
    say "Build: an engine on LLamaSharp, since there is no llama-server here and the package feed has LLamaSharp"
    if run_dotnet "$dotnet" publish "$second_project" --no-restore --configuration Release --artifacts-path "$work/artifacts" --output "$stage/llamasharp" "$@" >"$work/log" 2>&1 && settle_second; then
        second=true
    else
        say "Build: that engine cannot be built or does not run here, so llama-server it is: $(first_error)"
        rm -rf "$stage/llamasharp"
    fi
}

# Its list of devices loads its native libraries, which not every system can. Like the program it may need to be told where its runtime is.
settle_second() {
    local runtimes
    runs "$stage/$second_name" --list-devices && return
    runtimes=$(runtimes_folder)
    if [ -z "$runtimes" ] || ! DOTNET_ROOT=$runtimes "$stage/$second_name" --list-devices >"$work/log" 2>&1; then return 1; fi
    mv "$stage/$second_name" "$stage/$second_name-host" && write_start "$stage/$second_name" "$runtimes" "$library/$second_name-host"
}

first_error() {
    local line
    line=$(grep -m 1 'error' "$work/log" || tail -n 1 "$work/log")
    printf '%s' "${line##*error }"
}

# ---- put it into place

swap_in() {
    local size
    previous_menu=$work/previous-switch-model.md
    if [ -f "$menu_installed" ]; then cp "$menu_installed" "$previous_menu"; fi
    mkdir -p "$prefix/bin"
    if [ -e "$library" ]; then
        aside=$prefix/lib/.local-mcp.old.$$
        mv "$library" "$aside"
    fi
    mv "$stage" "$library"
    stage=''
    ln -s "../lib/local-mcp/$entry" "$program.$$"
    mv -f "$program.$$" "$program"
    if [ -n "$aside" ]; then rm -rf "$aside"; fi
    aside=''
    size=$(du -sk "$library" | awk '{ printf "%.0f", $1 / 1024 }')
    say "Program: $program ($size MB in $library)"
    case ":${PATH-}:" in
        *":$prefix/bin:"*) ;;
        *) say "PATH: $prefix/bin is not on it. For your shell's start-up file: export PATH=\"$prefix/bin:\$PATH\"" ;;
    esac
}

# ---- engine

# The llama-server that is there, in the order in which the program itself looks; fails when there is none.
find_llama_server() {
    local folder
    command -v llama-server && return
    for folder in $homebrew_folders; do
        if [ -x "$folder/llama-server" ]; then
            printf '%s\n' "$folder/llama-server"
            return
        fi
    done
    "$root/scripts/fetch-engine.sh" --print "$engine_folder" 2>/dev/null | tail -n 1
}

provide_engine() {
    local fetched
    if fetched=$(find_llama_server); then
        say "Engine: $fetched (the llama-server that is here already)"
        return
    fi
    if "$second"; then
        say "Engine: $library/$second_name (LLamaSharp, since there is no llama-server here and the package feed has LLamaSharp)"
        return
    fi
    if [ "$(uname -s)" = Darwin ]; then
        without_engine "none yet: there is no llama-server, and the package feed has no LLamaSharp that runs here; \`brew install llama.cpp\` brings one, and local-mcp finds it there"
        return
    fi
    say "Engine: no llama-server on PATH, and no LLamaSharp from the package feed; fetching a private llama-server into $engine_folder"
    if fetched=$("$root/scripts/fetch-engine.sh" "$engine_folder"); then
        say "Engine: $(printf '%s\n' "$fetched" | tail -n 1)"
    else
        without_engine "none, for the reason above; run this again to try again"
    fi
}

without_engine() {
    say "Engine: $1"
    say "Engine: without it local-mcp cannot run GGUF files itself; Ollama, LM Studio, oMLX, vLLM, exo and other OpenAI-compatible servers work"
}

# ---- Claude Code

# A command that the user changed stays: it is replaced only while it is the one that was installed before.
install_slash_command() {
    if [ -e "$menu" ] && cmp -s "$menu_source" "$menu"; then
        say "Slash command: /switch-model is there ($menu)"
    elif [ -e "$menu" ] && ! { [ -f "$previous_menu" ] && cmp -s "$previous_menu" "$menu"; }; then
        say "Slash command: $menu was changed by you and is kept; the new one is $menu_installed"
    elif mkdir -p "$(dirname -- "$menu")" 2>/dev/null && cp "$menu_source" "$menu" 2>/dev/null; then
        say "Slash command: /switch-model ($menu)"
    else
        say "Slash command: $menu cannot be written; copy it yourself from $menu_installed"
    fi
}

register() {
    local by_hand registered answer
    by_hand="claude mcp add --scope user local -- $(shown "$program") serve"
    if ! command -v claude >/dev/null; then
        say "Claude Code: \`claude\` is not on PATH. When it is there: $by_hand"
        return
    fi
    registered=$(registered_command)
    if is_ours "$registered"; then
        say "Claude Code: registered already (claude mcp get local)"
    elif [ -n "$registered" ]; then
        say "Claude Code: a server named local is registered with another command: $registered. It is left as it is."
        say "Claude Code: to replace it: claude mcp remove --scope user local && $by_hand"
    elif answer=$(ask_claude mcp add --scope user local -- "$program" serve 2>&1); then
        say "Claude Code: registered as local, for all your projects; a running session sees it after a restart"
    else
        answer=$(printf '%s\n' "$answer" | head -n 1)
        say "Claude Code: \`claude mcp add\` failed: ${answer:-it did not answer within a minute}. Try it yourself: $by_hand"
    fi
}

# A path as the user would type it.
shown() {
    case $1 in
        *[!A-Za-z0-9_./+:@%=,-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
        *) printf '%s' "$1" ;;
    esac
}

# What the name `local` stands for in Claude Code's user scope: command and arguments, or nothing.
registered_command() {
    local answer
    answer=$(ask_claude mcp get local 2>/dev/null) || return 0
    printf '%s\n' "$answer" | sed -n 's/^ *Command: //p; s/^ *Args: / /p; s/^ *URL: //p' | tr -d '\n'
}

is_ours() {
    if [ "$1" = "$program serve" ]; then return 0; fi
    [ "$1" = "local-mcp serve" ] && [ "$(command -v local-mcp || true)" = "$program" ]
}

# Asks from the root folder, so that no .mcp.json and no project's own setting answers; a minute at most, which macOS has no program for.
ask_claude() {
    local process waited=0 code=0
    (cd / && exec claude "$@") &
    process=$!
    while kill -0 "$process" 2>/dev/null && [ "$waited" -lt 300 ]; do
        sleep 0.2
        waited=$((waited + 1))
    done
    kill "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || code=$?
    return "$code"
}

# ---- test

test_it() {
    local code=0
    say "Test: local-mcp test hello"
    "$program" test hello || code=$?
    if [ "$code" -ne 0 ]; then
        say "Installed, but the test failed: the FAIL line says why. \`$(shown "$program") doctor\` checks everything."
    fi
    if has_no_real_model; then
        say "Next: there is no real model here yet. \`$(shown "$program") recommend\` says which one this machine should run, and how to get it."
    fi
    exit "$code"
}

# The list is empty, or begins with the smoke-test model, which comes after all others.
has_no_real_model() {
    local list
    list=$("$program" models 2>/dev/null) || return 1
    case $list in
        'There are no models'*) return 0 ;;
    esac
    [ "$(printf '%s\n' "$list" | sed -n '2s/.*smoke test only.*/only/p')" = only ]
}

# ---- uninstall

# The program goes last, so that what was interrupted can be run again.
uninstall() {
    if [ ! -f "$library/local-mcp" ] && ! is_our_link; then
        say "There is no local-mcp in $prefix, so nothing was removed. If it is elsewhere, name the place with --prefix DIR."
        return
    fi
    # The engine may be in memory still.
    "$program" stop >/dev/null 2>&1 || true
    unregister
    remove_slash_command
    if [ -e "$engine_folder/.fetch-engine" ]; then
        rm -rf "$engine_folder"
        say "Removed: $engine_folder"
    fi
    rmdir "$data" 2>/dev/null || true
    if is_our_link; then rm -f "$program"; fi
    if [ -f "$library/local-mcp" ]; then rm -rf "$library"; fi
    say "Removed: $program and $library"
    if [ -e "$config" ]; then say "Kept: $config (settings and the active model)"; fi
    if [ -e "$data/models" ]; then say "Kept: $data/models (your models)"; fi
}

unregister() {
    local registered
    command -v claude >/dev/null || return 0
    registered=$(registered_command)
    if is_ours "$registered"; then
        if ask_claude mcp remove --scope user local >/dev/null 2>&1; then
            say "Removed: the server local from Claude Code"
        else
            say "Claude Code did not remove the server local. Try it yourself: claude mcp remove --scope user local"
        fi
    elif [ -n "$registered" ]; then
        say "Kept: Claude Code's server local, which has another command: $registered"
    fi
}

remove_slash_command() {
    if [ ! -e "$menu" ]; then return; fi
    if cmp -s "$menu_installed" "$menu" || cmp -s "$menu_source" "$menu"; then
        rm -f "$menu"
        say "Removed: $menu"
    else
        say "Kept: $menu, which you changed"
    fi
}

main "$@"
