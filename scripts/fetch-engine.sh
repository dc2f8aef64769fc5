#!/usr/bin/env bash
# Puts a private llama-server (llama.cpp) into a folder: no root, no change to the system, its own C library included.
#
#   fetch-engine.sh <folder>           fetch it, unless a working copy is there already
#   fetch-engine.sh --print <folder>   fetch nothing: say where the working copy is, or fail with 1
#
# The last line on standard output is the path of llama-server; progress goes to standard error.
#
#   <folder>/bin/llama-server   a real executable, with the other llama programs and the compute backends beside it
#   <folder>/lib                every library it needs, and the loader that its executables name by absolute path
#   <folder>/share/doc          the licences of the packages
#   <folder>/.complete          the last file to be written: without it the folder is made anew
#   <folder>/.fetch-engine      the lock, and the sign that this folder may be emptied
#
# The executables name their loader by its absolute path, so the folder cannot be moved: fetch again into the new place.
# The packages come from the sid suite of the Debian archive that the machine's own apt configuration names, and apt checks
# their signatures with the machine's own keys.
#
# Ends with 0 (there), 1 (failed: try again), 2 (wrong arguments), 3 (not possible on this machine).
set -euo pipefail
export LC_ALL=C

say() { printf '%s\n' "$*" >&2; }
give_up() { local code=$1; shift; say "$*"; exit "$code"; }

# The programs to install. Their libraries are found by following dependencies, because sid renames libraries.
required=(llama.cpp-tools patchelf)
optional=(llama.cpp-tools-extra)

main() {
    read_arguments "$@"
    if engine_works; then report; exit 0; fi
    if "$print_only"; then give_up 1 "No working llama-server in $folder. Run $0 '$folder' to fetch it."; fi
    check_platform
    take_folder
    if engine_works; then report; exit 0; fi

    make_work_area
    find_archive
    fetch_packages
    install_files
    point_at_own_libraries
    finish
}

read_arguments() {
    print_only=false
    if [ "${1-}" = --print ]; then print_only=true; shift; fi
    if [ $# -ne 1 ] || [ -z "$1" ] || [ "${1#-}" != "$1" ]; then give_up 2 "Usage: $0 [--print] <folder>"; fi
    case $1 in
        *[:\"\\\;\'\$]*) give_up 2 "The folder's name must not contain : ; \" ' \\ or \$, which apt and the loader take for their own: $1" ;;
        /*) folder=${1%/} ;;
        *) folder=$PWD/${1%/} ;;
    esac
    if [ -z "$folder" ]; then give_up 2 "Name a folder of its own, not /."; fi
    server=$folder/bin/llama-server
    work=$folder/.work
}

engine_works() { [ -e "$folder/.complete" ] && "$server" --version >/dev/null 2>&1; }

report() { printf '%s\n' "$server"; }

check_platform() {
    local distribution='' tool
    case $(uname -s) in
        Darwin) give_up 3 "This script fetches Debian packages, which do not run on macOS. Run: brew install llama.cpp" ;;
        Linux) ;;
        *) give_up 3 "This script works on Debian-like Linux only. Install llama.cpp another way, so that llama-server is on the PATH." ;;
    esac
    for tool in apt-get apt-cache dpkg flock; do
        command -v "$tool" >/dev/null ||
            give_up 3 "This script works with Debian archives only, and $tool is missing here. Install llama.cpp another way, so that llama-server is on the PATH."
    done
    # shellcheck source=/dev/null
    if [ -r /etc/os-release ]; then distribution=$(. /etc/os-release && printf '%s' "${ID-}"); fi
    if [ "$distribution" = ubuntu ]; then no_debian_archive; fi
    architecture=$(dpkg --print-architecture)
    case $architecture in
        amd64 | arm64) ;;
        *) give_up 3 "This script knows amd64 and arm64, and this machine is $architecture. Build llama.cpp from source, so that llama-server is on the PATH." ;;
    esac
}

no_debian_archive() {
    give_up 3 "This script works with Debian archives only, and this machine's apt configuration names none. Install llama.cpp another way, so that llama-server is on the PATH."
}

# One run at a time works in the folder; a second one waits and then finds the work done.
take_folder() {
    mkdir -p "$folder" 2>/dev/null || give_up 1 "Cannot make the folder $folder. Choose one that you may write to."
    local present
    present=$(ls -A "$folder")
    if [ -n "$present" ] && [ ! -e "$folder/.fetch-engine" ]; then
        give_up 1 "The folder $folder has other things in it. Choose a new or an empty folder."
    fi
    { exec 9>"$folder/.fetch-engine"; } 2>/dev/null || give_up 1 "Cannot write to the folder $folder. Choose one that you may write to."
    if ! flock -n 9; then
        say "Another run is fetching into $folder; waiting for it."
        flock 9
    fi
}

# A private apt: its own state, cache and sources; the machine's own keys, proxies and credentials. The machine's hooks are
# cleared, since they would act on the machine's own cache.
make_work_area() {
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    rm -rf "${folder:?}"/{.complete,.work,bin,lib,share}
    mkdir -p "$work"/{state/lists/partial,cache/archives/partial,etc,packages,root}
    : >"$work/state/status"
    cat >"$work/read-sources.conf" <<END
Dir::State "$work/state";
Dir::State::status "$work/state/status";
Dir::Cache "$work/cache";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Dir::Cache::archives "archives";
Dir::Log "$work";
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Sandbox::User "$(id -un 2>/dev/null || id -u)";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
#clear Acquire::IndexTargets::deb::DEP-11;
END
    cp "$work/read-sources.conf" "$work/apt.conf"
    cat >>"$work/apt.conf" <<END
Dir::Etc::sourcelist "$work/etc/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
END
}

# The archives that the machine's apt configuration names: apt reads its own files, whatever their format, and says what it
# would fetch. Security archives have no sid suite.
configured_archives() {
    apt-get -c "$work/read-sources.conf" --print-uris update 2>/dev/null |
        sed -nE "s,^'(https?://[^']*)/dists/[^']*/main/binary-$architecture/.*,\1,p" |
        { grep debian || true; } | { grep -v security || true; } | awk '!seen[$0]++'
}

find_archive() {
    local archives archive keyring='' option=''
    archives=$(configured_archives) || true
    if [ -z "$archives" ]; then no_debian_archive; fi
    for keyring in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
        if [ -r "$keyring" ]; then option="[signed-by=$keyring] "; break; fi
    done
    for archive in $archives; do
        say "Reading the package list of $archive, suite sid."
        printf 'deb %s%s sid main\n' "$option" "$archive" >"$work/etc/sources.list"
        if apt-get -c "$work/apt.conf" update >"$work/log" 2>&1; then return; fi
    done
    give_up 1 "Could not read the package list of $archive: $(reason). Check the network (and the package debian-archive-keyring), then run this again."
}

# What apt complained about first, without its prefix.
reason() { sed -nE 's/^[EW]: *//p' "$work/log" | head -n 1 | sed 's/\.*$//'; }

known() { apt-cache -c "$work/apt.conf" show "$1" >/dev/null 2>&1; }

# The libraries a package depends on. Of gcc's base package only the licence is wanted.
libraries_of() {
    apt-cache -c "$work/apt.conf" depends --important "$1" |
        sed -nE 's/^ *\|?Depends: (lib[^ ]*|zlib1g|gcc-[0-9]+-base)$/\1/p' | { grep -v '^libc-gconv' || true; }
}

# Prints the given packages and every library below them, each once.
with_libraries() {
    local -A seen=()
    local package
    while [ $# -gt 0 ]; do
        package=$1
        shift
        if [ -n "${seen[$package]-}" ] || ! known "$package"; then continue; fi
        seen[$package]=yes
        printf '%s\n' "$package"
        # shellcheck disable=SC2046 # package names have no spaces
        set -- "$@" $(libraries_of "$package")
    done
}

fetch_packages() {
    local package packages wanted=("${required[@]}")
    for package in "${required[@]}"; do
        known "$package" || give_up 1 "Debian sid has no package $package for $architecture now. Try again later, or install llama.cpp another way."
    done
    for package in "${optional[@]}"; do
        if known "$package"; then wanted+=("$package"); else say "Debian sid has no package $package now; going on without it."; fi
    done
    mapfile -t packages < <(with_libraries "${wanted[@]}")
    for package in "${packages[@]}"; do
        # Compute on other machines, kept in a package named after ggml's own.
        if [[ $package =~ ^libggml[0-9]+$ ]]; then
            if known "$package-backend-rpc"; then packages+=("$package-backend-rpc"); else say "Debian sid has no package $package-backend-rpc now; going on without it."; fi
        fi
    done
    say "Fetching ${#packages[@]} packages."
    (cd "$work/packages" && apt-get -c "$work/apt.conf" download "${packages[@]}" >"$work/log" 2>&1) ||
        give_up 1 "Could not fetch the packages: $(reason). Check the network, then run this again."
}

install_files() {
    local package root=$work/root libraries
    say "Unpacking."
    for package in "$work"/packages/*.deb; do
        dpkg -x "$package" "$root" || give_up 1 "Could not unpack ${package##*/} (is the disk full?). Free some space, then run this again."
    done
    libraries=$(find "$root" -name 'libllama.so*' -print -quit)
    libraries=${libraries%/*}
    mkdir -p "$folder"/{bin,lib,share/doc}
    find "$root/usr/lib" "$root/lib" -maxdepth 2 -name '*.so*' -exec cp -a -t "$folder/lib" {} + 2>/dev/null || true
    cp -a "$libraries"/llama/*.so* "$folder/lib/" 2>/dev/null || true
    cp -a "$root"/usr/bin/llama-* "$folder/bin/"
    find "$root/usr/libexec" -name 'ggml-rpc-server' -exec cp -a -t "$folder/bin" {} + 2>/dev/null || true
    # ggml looks for its backends beside the running executable.
    find "$libraries/ggml" -name 'libggml-*.so' -exec cp -a -t "$folder/bin" {} +
    (cd "$root/usr/share/doc" && find . -name copyright -exec cp -a --parents -t "$folder/share/doc" {} +)
}

# patchelf runs on the libraries in the work area, so the ones it changes are not in use.
patch_file() { "$loader" --library-path "${loader%/*}" "$work/root/usr/bin/patchelf" "$@"; }

point_at_own_libraries() {
    local file
    say "Pointing the programs at their own libraries."
    loader=$(find "$work/root/usr/lib" "$work/root/lib" -name 'ld-linux*.so*' -print -quit 2>/dev/null || true)
    for file in "$folder"/bin/*; do
        # The search path of an executable holds for all that it loads; a newer-style RUNPATH would not.
        patch_file --force-rpath --set-rpath "\$ORIGIN/../lib" "$file"
        case $file in *.so) ;; *) patch_file --set-interpreter "$folder/lib/${loader##*/}" "$file" ;; esac
    done
    for file in "$folder"/lib/*.so*; do
        if [ -L "$file" ] || [ -z "$(patch_file --print-rpath "$file" 2>/dev/null)" ]; then continue; fi
        patch_file --force-rpath --set-rpath "\$ORIGIN" "$file"
    done
}

finish() {
    local version
    version=$("$server" --version 2>&1) || give_up 1 "The fetched llama-server does not start: ${version%%$'\n'*}. Install llama.cpp another way, so that llama-server is on the PATH."
    : >"$folder/.complete"
    say "Done: llama-server, ${version%%$'\n'*}."
    report
}

main "$@"
