#!/usr/bin/env bash
# Makes what a release publishes: for each platform an archive with the self-contained program and its sha256, and the NuGet package.
#
#   release.sh OUT [RID…]          for these platforms (all four by default), and the package
#   release.sh --from DIR OUT RID  the archive of a program that is published already in DIR
#
#   OUT/local-mcp-<rid>.tar.gz            one folder local-mcp/ with the program, its smoke-test model and the licence
#   OUT/local-mcp-<rid>.tar.gz.sha256     its checksum, as `sha256sum` writes it
#   OUT/LocalMcp.<version>.nupkg          the .NET tool
#
# install.sh --release takes the archives from the URL that it knows, or from LOCAL_MCP_RELEASES.
# A platform whose runtime the package feed does not have is left out and named. Ends with 1 when nothing or less than was asked for could be made,
# 2 for wrong arguments. Keeps to bash 3.2.
set -euo pipefail
export COPYFILE_DISABLE=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }
wrong() { printf 'Usage: %s OUT [RID…], or %s --from DIR OUT RID\n' "$0" "$0" >&2; exit 2; }

main() {
    root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
    work=$(mktemp -d "${TMPDIR:-/tmp}/local-mcp-release.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    if [ "${1-}" = --from ]; then
        if [ $# -ne 4 ]; then wrong; fi
        [ -f "$2/local-mcp" ] || stop "$2 holds no program local-mcp."
        out=$3
        mkdir -p "$out"
        make_archive "$2" "$4"
        return
    fi
    if [ $# -lt 1 ] || [ "${1#-}" != "$1" ]; then wrong; fi
    out=$1
    shift
    if [ $# -eq 0 ]; then set -- linux-x64 linux-arm64 osx-x64 osx-arm64; fi
    mkdir -p "$out"
    check_versions
    make_all "$@"
}

# One number in four files.
check_versions() {
    local version file
    version=$(sed -n 's,.*<Version>\(.*\)</Version>.*,\1,p' "$root/Directory.Build.props")
    for file in src/LocalMcp/.mcp/server.json .claude-plugin/plugin.json; do
        if grep '"version"' "$root/$file" | grep -qv "\"$version\""; then stop "$file names another version than Directory.Build.props, which says $version."; fi
    done
    say "Version: $version"
}

make_all() {
    local rid missing=''
    for rid in "$@"; do
        if publish "$rid"; then make_archive "$work/$rid" "$rid"; else missing="$missing $rid"; fi
    done
    dotnet pack "$root/src/LocalMcp" --nologo --verbosity quiet --configuration Release --artifacts-path "$work/artifacts" --output "$out" >"$work/log" 2>&1 ||
        stop "The package could not be made: $(grep -m 1 error "$work/log" || tail -n 1 "$work/log")"
    say "Made: $(ls "$out"/LocalMcp.*.nupkg)"
    if [ -n "$missing" ]; then stop "Not made:$missing"; fi
}

# The same program as install.sh builds.
publish() {
    say "Publishing: $1"
    dotnet publish "$root/src/LocalMcp" --nologo --verbosity quiet --configuration Release --artifacts-path "$work/artifacts" --output "$work/$1" \
        -p:RuntimeIdentifier="$1" -p:SelfContained=true -p:PublishTrimmed=true -p:PublishSingleFile=true -p:PublishReadyToRun=true >"$work/log" 2>&1 && return
    say "Left out: $1: $(grep -m 1 error "$work/log" || tail -n 1 "$work/log")"
    return 1
}

make_archive() {
    local name=local-mcp-$2.tar.gz
    rm -rf "$work/local-mcp"
    mkdir "$work/local-mcp"
    cp -R "$1/." "$work/local-mcp/"
    cp "$root/LICENSE" "$work/local-mcp/"
    find "$work/local-mcp" -name '*.pdb' -exec rm {} +
    # No name of whoever made it.
    if tar --version 2>/dev/null | grep -q GNU; then set -- --owner=0 --group=0 --numeric-owner; else set -- --uid 0 --gid 0 --numeric-owner; fi
    tar -czf "$out/$name" "$@" -C "$work" local-mcp
    (cd "$out" && checksum "$name" >"$name.sha256")
    say "Made: $out/$name"
}

checksum() { if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi; }

main "$@"
