#!/usr/bin/env bash
# Builds local-mcp from this checkout, or takes it from a release, and installs it for this user, on macOS and Linux, without root.
#
#   ./install.sh [--prefix DIR]               build, install, register with Claude Code, test
#   ./install.sh [--prefix DIR] --release     the same with the program of a release, which needs no SDK
#   ./install.sh [--prefix DIR] --uninstall   remove the program and everything it kept; models stay
#   ./install.sh --help
#
# DIR is ~/.local unless named. Running it again replaces the program as a whole; a build that fails leaves the old one working.
#
#   DIR/lib/local-mcp                                the program and its smoke-test model
#   DIR/lib/local-mcp/llamasharp                     an engine on LLamaSharp, only where no llama-server is found and the package feed has it
#   DIR/bin/local-mcp                                a link to it
#   DIR/lib/local-mcp/made-folders                   the folders that were not there before, for --uninstall
#   ~/.local/share/local-mcp/engine                  a private llama-server, only where there is neither (XDG_DATA_HOME is honoured)
#   ~/.claude/commands/switch-model.md               the slash command (CLAUDE_CONFIG_DIR is honoured)
#   the MCP server `local` in Claude Code's user scope, where `claude` is on PATH
#
# LOCAL_MCP_RELEASES names another place with releases: the URL of a folder with local-mcp-<rid>.tar.gz and local-mcp-<rid>.tar.gz.sha256.
#
# Ends with the exit code of `local-mcp test hello`, or with 0 where there are several models and the user has yet to choose; 1 when something
# is missing or failed, 2 for wrong arguments.
# Keeps to bash 3.2, which is what macOS has.
set -euo pipefail

# Where this project publishes its releases. Empty: nowhere yet.
published=''
releases=${LOCAL_MCP_RELEASES:-$published}
releases=${releases%/}

homebrew_folders='/opt/homebrew/bin /usr/local/bin /home/linuxbrew/.linuxbrew/bin'
work=''
stage=''
aside=''

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

main() {
    at_terminal=false
    if [ -t 0 ] && [ -t 1 ]; then at_terminal=true; fi
    exec </dev/null
    settle_home
    read_arguments "$@"
    settle_places
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    if "$uninstalling"; then uninstall; exit 0; fi

    check_places
    work=$(mktemp -d "${TMPDIR:-/tmp}/local-mcp-install.XXXXXX") || stop "No temporary folder can be made in ${TMPDIR:-/tmp}. Set TMPDIR to a folder that you may write to."
    note_missing_folders
    provide_program
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
  ./install.sh --release       take the program of a release, in place of building it: needs no .NET SDK
  ./install.sh --uninstall     remove it (with the same --prefix), and all that it kept: engine, settings.json, the
                               active model, speeds, the log of calls. Your models stay where they are
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
    from_release=false
    while [ $# -gt 0 ]; do
        case $1 in
            --prefix)
                if [ $# -lt 2 ]; then wrong "--prefix needs a folder."; fi
                prefix=$2
                shift
                ;;
            --prefix=*) prefix=${1#--prefix=} ;;
            --uninstall) uninstalling=true ;;
            --release) from_release=true ;;
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
    state=$(below "${XDG_STATE_HOME-}" "$HOME/.local/state")
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

# Of the folders that an installation makes something in, those that are not there yet: if they are empty in the end, --uninstall removes them.
note_missing_folders() {
    local folder
    for folder in "$prefix/bin" "$prefix/lib" "$data" "$config" "$state" "$(dirname -- "$menu")"; do
        while [ ! -e "$folder" ] && [ ! -L "$folder" ]; do
            printf '%s\n' "$folder"
            folder=$(dirname -- "$folder")
        done
    done >"$work/made-folders"
    if [ -f "$library/made-folders" ]; then cat "$library/made-folders" >>"$work/made-folders"; fi
}

# ---- the program

provide_program() {
    if "$from_release"; then
        take_release
    elif find_sdk; then
        build_program
        build_second_engine
    else
        offer_release
    fi
    # The deepest first.
    sort -ru "$work/made-folders" >"$stage/made-folders"
}

# ---- the .NET SDK

# The first dotnet that satisfies global.json; an older one on PATH does not hide a newer one at home. Fails where there is none, and says why in $sdk_trouble.
find_sdk() {
    local candidate version found=''
    settle_sdk_home
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
    sdk_trouble="The .NET SDK 10 is needed to build local-mcp, and was not found on PATH, in DOTNET_ROOT or in ~/.dotnet.$found"
    return 1
}

# Where the SDK keeps packages and its own files: with the user, or, where no SDK has kept anything yet, in a folder that goes when we are done.
settle_sdk_home() {
    sdk_home=$HOME
    if [ -e "$HOME/.nuget" ]; then return; fi
    sdk_home=$work/home
    mkdir -p "$sdk_home"
    if [ -d "$HOME/.config/NuGet" ]; then
        mkdir -p "$sdk_home/.config"
        cp -R "$HOME/.config/NuGet" "$sdk_home/.config/"
    fi
}

# Without a greeting, telemetry, certificates, or processes that stay behind.
run_dotnet() {
    HOME="$sdk_home" DOTNET_CLI_HOME="$work" NUGET_SCRATCH="$work/scratch" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false \
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
    put_on_stage "$work/program"
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

# ---- a release

sdk_link='Install it from https://dotnet.microsoft.com/download/dotnet/10.0 (no root needed with its install script), then run this again.'

# Nothing is downloaded that the user did not ask for.
offer_release() {
    local answer=''
    say "$sdk_trouble" >&2
    if [ -z "$releases" ]; then stop "$sdk_link No release has been published yet that could be installed without it. Nothing was installed."; fi
    say "Without it the program of a release can be installed: it is downloaded from $releases, its sha256 is checked, and nothing is built."
    if ! "$at_terminal"; then stop "Run ./install.sh --release to have that. To build it, ${sdk_link/Install it/install the SDK} Nothing was installed."; fi
    printf 'Install the program of the release? [y/N] '
    read -r answer </dev/tty || true
    case $answer in
        y | Y | yes | Yes) take_release ;;
        *) stop "Nothing was installed. To build it, ${sdk_link/Install it/install the SDK}" ;;
    esac
}

# Leaves the program of the release in $stage. What came is looked at before any of it is unpacked.
take_release() {
    local rid archive
    second=false
    if [ -z "$releases" ]; then stop "No release has been published yet. Run ./install.sh without --release to build it. Nothing was installed."; fi
    rid=$(runtime_identifier)
    if [ -z "$rid" ]; then stop "There are no releases for this system ($(uname -s), $(uname -m)). Run ./install.sh without --release to build it. Nothing was installed."; fi
    check_release_address
    archive=local-mcp-$rid.tar.gz
    say "Release: downloading $releases/$archive; nothing is built"
    download "$archive.sha256"
    download "$archive"
    check_hash "$archive"
    check_entries "$archive"
    mkdir -p "$work/release"
    tar -xzof "$work/$archive" -C "$work/release" || stop "The release could not be unpacked, see above. Nothing was installed."
    if [ ! -f "$work/release/local-mcp/local-mcp" ]; then stop "$releases/$archive holds no program local-mcp. Nothing was installed."; fi
    put_on_stage "$work/release/local-mcp"
    entry=local-mcp
    runs "$stage/local-mcp" --version || stop "The program of the release does not run here: $(head -n 1 "$work/log"). Run ./install.sh without --release to build it. Nothing was installed."
    say "Release: local-mcp $(cat "$work/log") for $rid, sha256 as published"
}

# The checksum comes from where the program comes from, so the way there has to be safe: https, or within this machine.
check_release_address() {
    local loopback='^http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?(/|$)'
    case $releases in
        https://*) ;;
        *) [[ $releases =~ $loopback ]] || stop "Releases are taken over https only, and LOCAL_MCP_RELEASES is $releases. Nothing was installed." ;;
    esac
    command -v curl >/dev/null || stop "curl is needed to download a release, and was not found on PATH. Install it, or build: $sdk_link Nothing was installed."
}

download() {
    curl -q --fail --silent --show-error --location --proto '=https,http' --proto-redir '=https' --max-redirs 10 --connect-timeout 20 --noproxy 127.0.0.1,localhost,::1 \
        --output "$work/$1" "$releases/$1" >"$work/log" 2>&1 ||
        stop "$releases/$1 could not be downloaded: $(tail -n 1 "$work/log"). Nothing was installed."
}

check_hash() {
    local wanted found
    wanted=$(awk 'NR == 1 { print tolower($1) }' "$work/$1.sha256")
    if command -v sha256sum >/dev/null; then found=$(sha256sum "$work/$1"); else found=$(shasum -a 256 "$work/$1"); fi
    found=${found%% *}
    if [ "${#wanted}" -ne 64 ] || [ "$wanted" != "$found" ]; then
        stop "$releases/$1 is not what was published: its sha256 is $found, and $1.sha256 says ${wanted:-nothing}. Try again; if it stays so, do not use it. Nothing was installed."
    fi
}

# Only files and folders, and all of them below local-mcp/: nothing in the archive may lead elsewhere.
check_entries() {
    local name kinds
    tar -tzf "$work/$1" >"$work/names" 2>"$work/log" || stop "$releases/$1 cannot be read: $(head -n 1 "$work/log"). Nothing was installed."
    while IFS= read -r name; do
        case "$name/" in
            */../* | /*) stop "$releases/$1 holds $name, which leads out of its folder. Do not use it. Nothing was installed." ;;
            local-mcp/*) ;;
            *) stop "$releases/$1 holds $name, which does not belong there. Do not use it. Nothing was installed." ;;
        esac
    done <"$work/names"
    kinds=$(tar -tvzf "$work/$1" 2>/dev/null | cut -c 1 | tr -d 'd\n-')
    if [ -n "$kinds" ]; then stop "$releases/$1 holds links or other things than files and folders. Do not use it. Nothing was installed."; fi
}

# ---- put it into place

put_on_stage() {
    stage=$prefix/lib/.local-mcp.new.$$
    rm -rf "$stage"
    if ! { mkdir -p "$stage" && cp -R "$1/." "$stage/" && cp "$menu_source" "$stage/switch-model.md"; }; then
        stop "The program could not be copied to $prefix/lib, see above. What was installed before is unchanged."
    fi
}

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
    elif has_plugin; then
        say "Claude Code: the plugin local-mcp is there and starts the server, so it is not registered a second time"
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

# The plugin of this repository brings the server under a name of its own: with both, Claude would have every tool twice.
has_plugin() {
    ask_claude plugin list 2>/dev/null | awk '/local-mcp@/ { ours = 1 } /@/ && !/local-mcp@/ { ours = 0 } ours && /enabled/ { found = 1 } END { exit !found }'
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
    if nobody_has_chosen; then
        say "Test: none, because there are several models here, and none is chosen yet"
        say "Next: \`$(shown "$program") models\` shows them with their numbers, and \`$(shown "$program") use NUMBER\` chooses one and tries it."
        exit 0
    fi
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

# Several real models, none of them active, and not exactly one that is loaded and would answer.
nobody_has_chosen() {
    if [ -s "$config/active_model" ]; then return 1; fi
    "$program" models >"$work/models" 2>/dev/null || return 1
    awk '/^ +[0-9]+ / && !/  (smoke test only|broken: |runs at )/ { real++ } /^ +[0-9]+ .*  loaded  / { loaded++ } END { exit !(real > 1 && loaded != 1) }' "$work/models"
}

# ---- uninstall

# Of what is kept outside of the program only models stay. The program goes last, so that what was interrupted can be run again.
uninstall() {
    if [ ! -f "$library/local-mcp" ] && ! is_our_link; then
        say "There is no local-mcp in $prefix, so nothing was removed. If it is elsewhere, name the place with --prefix DIR."
        return
    fi
    # The engine may be in memory still.
    "$program" stop >/dev/null 2>&1 || say "The engine could not be asked to stop; it ends ten minutes after the last session."
    unregister
    remove_slash_command
    if [ -e "$engine_folder/.fetch-engine" ]; then remove "$engine_folder"; fi
    remove_what_was_kept
    if [ -f "$library/made-folders" ]; then folders=$(cat "$library/made-folders"); fi
    if is_our_link; then rm -f "$program"; fi
    if [ -f "$library/local-mcp" ]; then rm -rf "$library"; fi
    say "Removed: $program and $library"
    remove_empty_folders
    if [ -e "$data/models" ]; then say "Kept: $data/models (your models). To remove them as well: rm -r $(shown "$data/models")"; fi
    say "Models in other places (LM Studio, Ollama, Hugging Face, your model_folders) are as they were."
}

remove() {
    if [ -L "$1" ] || [ -e "$1" ]; then
        rm -rf "$1"
        say "Removed: $1${2:+ ($2)}"
    fi
}

# Settings, the active model, speeds, the log of calls, sockets. Another copy of the program may use them still.
remove_what_was_kept() {
    local other
    other=$(another_copy)
    if [ -n "$other" ]; then
        say "Kept: $config and $state, which $other uses as well"
        return
    fi
    remove "$config" "settings and the active model"
    remove "$state" "measured speeds and the log of calls"
    remove_runtime_folders
    if [ -d "$data/models" ]; then find "$data/models" -depth -type d -exec rmdir {} + 2>/dev/null || true; fi
    rmdir "$data" 2>/dev/null || true
}

another_copy() {
    local folder
    while IFS= read -r folder; do
        if [ -x "$folder/local-mcp" ] && [ ! "$folder/local-mcp" -ef "$program" ]; then
            printf '%s' "$folder/local-mcp"
            return
        fi
    done <<END
$(printf '%s' "${PATH-}" | tr ':' '\n')
$HOME/.dotnet/tools
END
}

# Where the sockets were, if they were not in $state. A keeper that still listens there is another installation's.
remove_runtime_folders() {
    local folder temporary=${TMPDIR:-/tmp}
    for folder in "${XDG_RUNTIME_DIR:-/nonexistent}/local-mcp" "${temporary%/}/local-mcp-$(id -u)"; do
        if [ -d "$folder" ] && [ ! -L "$folder" ] && [ -O "$folder" ] && [ ! -S "$folder/keeper.sock" ]; then remove "$folder" "the engine's sockets"; fi
    done
}

# Those that were not there before the installation, and that nobody has put anything into.
remove_empty_folders() {
    local folder
    while IFS= read -r folder; do
        case $folder in /*) rmdir "$folder" 2>/dev/null || true ;; esac
    done <<END
${folders-}
END
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
