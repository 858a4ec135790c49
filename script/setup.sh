# shellcheck shell=bash
# Set-up shared by script/run and script/test: the system packages and the environment in .venv, nothing else.
# To be sourced. Every step says one line on stderr; stdout is left alone. Nothing asks a question unless sudo has
# to ask for a password on a terminal. What cannot be done here ends with exit 5 and the line that mends it.
#
# .venv/.stamp says what the environment is: line 1 where it stands and which Python it is, then one line for each
# finished layer (run, test) with the hash of what was installed. It is taken away while anything is being installed,
# so an environment without a stamp is half-finished and is built anew. Starts that find their stamp install nothing.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
venv=$root/.venv
stamp=$venv/.stamp
log=

# Another active environment, user-site packages or debugging variables must not change what runs here.
for name in "${!PYTHON@}"; do unset "$name"; done
unset VIRTUAL_ENV CONDA_PREFIX __PYVENV_LAUNCHER__ name
export PYTHONNOUSERSITE=1

say() { printf 'set-up: %s\n' "$*" >&2; }

not_set_up() {
    say "$*"
    exit 5
}

# Runs a long step with its output kept aside, shown only if it fails.
quietly() {
    [[ -n $log ]] || log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null && return 0
    tail -n 25 -- "$log" >&2
    return 1
}

# ---- system packages -------------------------------------------------------------------------------------------

# How to become root: an empty list for root itself; fails when only a person can.
become_root() {
    if ((EUID == 0)); then
        elevate=()
    elif ! command -v sudo >/dev/null; then
        return 1
    elif sudo -n true 2>/dev/null; then
        elevate=(sudo -n)
    elif [[ -t 0 ]]; then
        sudo -v || return 1 # asks for the password here, because the steps below keep their output aside
        elevate=(sudo -n)
    else
        return 1
    fi
}

line_to_type() {
    if ((EUID == 0)); then
        printf '%s' "apt-get update && apt-get install -y $*"
    elif command -v sudo >/dev/null; then
        printf '%s' "sudo apt-get update && sudo apt-get install -y $*"
    else
        printf '%s' "su -c 'apt-get update && apt-get install -y $*'"
    fi
}

# The lock is closed (9>&-) for apt: a service that a package starts would otherwise hold it for ever.
apt() {
    quietly "${elevate[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a LC_ALL=C \
        apt-get -q -y -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@" 9>&-
}

apt_knows() {
    local package answer
    for package in "$@"; do
        answer=$(LC_ALL=C apt-cache policy "$package" 2>/dev/null)
        [[ $answer == *"Candidate: "[0-9]* ]] || return 1
    done
}

install_packages() {
    command -v apt-get >/dev/null ||
        not_set_up "this machine has no apt-get. Install by its own means what Debian calls: $*. Then start again."
    become_root || not_set_up "system packages are missing and installing them needs root. Type: $(line_to_type "$@")"
    say "installing system packages: $*"
    apt_knows "$@" || apt update || not_set_up "the package lists cannot be fetched. Check the network, then type: $(line_to_type "$@")"
    apt install --no-install-recommends "$@" && return 0
    # Lists may be stale, or an earlier installation was cut off in the middle.
    say "trying once more with fresh package lists"
    quietly "${elevate[@]}" env DEBIAN_FRONTEND=noninteractive dpkg --configure -a 9>&- || true
    apt update || true
    apt install --no-install-recommends "$@" || not_set_up "system packages could not be installed. Type: $(line_to_type "$@")"
}

has_tesseract() {
    local languages
    command -v tesseract >/dev/null && languages=$(tesseract --list-langs 2>&1) || return 1
    languages=" ${languages//$'\n'/ } "
    [[ $languages == *" eng "* && $languages == *" osd "* ]]
}

# A sans-serif face with Arial's widths, for labels and letters; the print library carries none.
has_font() {
    [[ -e /usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf ||
        -e /usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf ]]
}

need_tesseract() {
    { has_tesseract && has_font; } || install_packages tesseract-ocr tesseract-ocr-eng tesseract-ocr-osd fonts-liberation
    has_tesseract || not_set_up "tesseract is installed but does not offer the languages eng and osd. See: tesseract --list-langs"
}

# ---- Python ----------------------------------------------------------------------------------------------------

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
can_make_environments='import ensurepip, ssl, venv'

# Sets `python` to the first Python 3.11 or newer that can make environments; else `bare` to one that cannot yet.
look_for_python() {
    local name
    python='' bare=''
    for name in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if ! { command -v "$name" >/dev/null && "$name" -I -c "$new_enough" 2>/dev/null; }; then continue; fi
        if "$name" -I -c "$can_make_environments" 2>/dev/null; then
            python=$name
            return 0
        fi
        [[ -n $bare ]] || bare=$name
    done
    return 1
}

need_python() {
    look_for_python && return 0
    if [[ -n $bare ]]; then
        install_packages "$("$bare" -I -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    elif command -v apt-cache >/dev/null && distribution_python_is_new_enough; then
        install_packages python3 python3-venv
    fi
    look_for_python ||
        not_set_up "Python 3.11 or newer is needed. Type: $(line_to_type python3.11 python3.11-venv), or put a newer Python on the PATH, then start again."
}

distribution_python_is_new_enough() {
    local answer
    if ! apt_knows python3 && become_root; then apt update || true; fi
    answer=$(LC_ALL=C apt-cache policy python3 2>/dev/null)
    [[ $answer =~ Candidate:\ 3\.([0-9]+) ]] && ((BASH_REMATCH[1] >= 11))
}

# ---- .venv -----------------------------------------------------------------------------------------------------

# Of pip's settings, from files and from the environment, only those that say where packages come from are kept:
# a constraint, a target folder or `user = true` meant for other work would break a locked installation.
keep_only_index_settings() {
    local settings name
    settings=$("$venv/bin/python" -I - 2>/dev/null <<'PYTHON'
import ast, subprocess, sys
kept = {"index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "cert", "client-cert", "proxy",
        "timeout", "default-timeout", "retries", "cache-dir", "no-cache-dir"}
listed = subprocess.run([sys.executable, "-I", "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
found = {}
for section in ("global.", "install.", ":env:."):
    for line in listed.stdout.splitlines():
        key, _, value = line.partition("=")
        if key.startswith(section) and key.removeprefix(section) in kept:
            found[key.removeprefix(section)] = ast.literal_eval(value)
for key, value in found.items():
    print("PIP_" + key.upper().replace("-", "_") + "=" + " ".join(value.split()))
PYTHON
    ) || settings=
    for name in "${!PIP_@}"; do unset "$name"; done
    while IFS= read -r name; do
        [[ -z $name ]] || export "${name?}"
    done <<<"$settings"
    export PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
}

pip_install() {
    quietly "$venv/bin/python" -I -m pip install --quiet --no-deps "$@" ||
        not_set_up "Python packages could not be installed (see above). Check the network and the free space, then start again."
}

pip_locked() { pip_install --require-hashes --only-binary :all: -r "$1"; }

# Where the environment stands and which Python it is: if either changes, its programs no longer start.
identity() { printf '%s %s' "$root" "$(readlink -f -- "$venv/bin/python" || true)"; }

layer_hash() {
    local sum
    sum=$(cd -- "$root" && sha256sum -- "$@" | sha256sum)
    printf '%s' "${sum%% *}"
}

read_stamp() {
    stamped=()
    [[ -x $venv/bin/python && -f $stamp ]] && mapfile -t stamped <"$stamp"
    [[ ${stamped[0]:-} == "$(identity)" ]]
}

layer_is_in() {
    local line
    read_stamp || return 1
    for line in "${stamped[@]:1}"; do [[ $line != "$1" ]] || return 0; done
    return 1
}

write_stamp() {
    { identity && printf '\n' && printf '%s\n' "$@"; } >"$stamp.new"
    sync -- "$stamp.new" 2>/dev/null || true
    mv -f -- "$stamp.new" "$stamp"
}

need_environment() {
    [[ -w $root ]] || not_set_up "the folder of the checkout cannot be written to. Run this as the user it belongs to."
    if read_stamp; then
        rm -f -- "$stamp"
        return 0
    fi
    [[ ! -e $venv ]] || say "the environment in .venv is unfinished or was moved: building it anew"
    need_python
    say "making an environment with $("$python" -I -V)"
    rm -rf -- "$venv"
    quietly "$python" -I -m venv "$venv" || not_set_up "the environment .venv could not be made (see above)."
}

run_files=(requirements-build.lock requirements.lock pyproject.toml)
test_files=("${run_files[@]}" requirements-test.lock)

install_run_layer() {
    need_environment
    keep_only_index_settings
    say "installing Python packages (a minute or two, the first time)"
    pip_locked "$root/requirements-build.lock"
    pip_locked "$root/requirements.lock"
    pip_install --no-build-isolation --editable "$root"
    write_stamp "$run_layer"
}

install_test_layer() {
    need_environment
    keep_only_index_settings
    say "installing what the tests need"
    pip_locked "$root/requirements-test.lock"
    write_stamp "$run_layer" "$test_layer"
}

# Two starts at once wait for each other. The lock is on this very file: no other needs to exist.
locked() {
    if ! flock -n 9; then
        say "waiting for another start to finish its set-up"
        flock 9
    fi
    "$@"
} 9<"$root/script/setup.sh"

# Installs only what is still missing now that the lock is held.
run_set_up_under_lock() {
    need_tesseract
    layer_is_in "$run_layer" || install_run_layer
}
test_set_up_under_lock() {
    run_set_up_under_lock
    need_test_tools
    layer_is_in "$test_layer" || install_test_layer
}

set_up_run() {
    run_layer="run $(layer_hash "${run_files[@]}")"
    { has_tesseract && has_font && layer_is_in "$run_layer"; } || locked run_set_up_under_lock
    clean_up
}

set_up_test() {
    run_layer="run $(layer_hash "${run_files[@]}")"
    test_layer="test $(layer_hash "${test_files[@]}")"
    { has_tesseract && has_font && has_test_tools && layer_is_in "$run_layer" && layer_is_in "$test_layer"; } || locked test_set_up_under_lock
    clean_up
}

clean_up() { [[ -z $log ]] || rm -f -- "$log"; }
trap clean_up EXIT

# ---- what only tests need --------------------------------------------------------------------------------------

has_test_tools() {
    missing=()
    command -v chromium >/dev/null || missing+=(chromium fonts-liberation)
    command -v pdftoppm >/dev/null || missing+=(poppler-utils)
    command -v strace >/dev/null || missing+=(strace)
    command -v git >/dev/null || missing+=(git)
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
    ((${#missing[@]} == 0))
}

need_test_tools() { has_test_tools || install_packages "${missing[@]}"; }
