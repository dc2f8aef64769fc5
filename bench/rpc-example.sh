#!/usr/bin/env bash
# A model on more than one machine, tried on one: llama-server with two workers (ggml-rpc-server) on loopback, and local-mcp chat through it.
# Prints tokens per second and memory by process, beside one llama-server that does it alone. Docs: docs/performance.md.
#
#   rpc-example.sh <model.gguf> [rounds]     rounds: how often each way is asked, in turn; 5 by default
#
#   LOCAL_MCP_PROGRAM   the local-mcp to use; default: the one on PATH
#   LLAMA_SERVER        the llama-server to use, with ggml-rpc-server beside it; default: the one on PATH
#
# A model to try it with: dotnet run --project tests/LocalMcp.TestModels -- random --out random.gguf --params 0.5B
#
# RPC has no authentication: everything here listens on 127.0.0.1. On several machines use a private network of their own.
set -euo pipefail
export LC_ALL=C

model=${1:?Usage: $0 <model.gguf> [rounds]}
rounds=${2:-5}
tokens=64
workers=2
server=${LLAMA_SERVER:-$(command -v llama-server || true)}
program=${LOCAL_MCP_PROGRAM:-$(command -v local-mcp || true)}

stop() { printf '%s\n' "$*" >&2; exit 1; }
say() { printf '%s\n' "$*"; }

[ -r "$model" ] || stop "There is no model file $model."
[ -x "$server" ] || stop "There is no llama-server on PATH. scripts/fetch-engine.sh artifacts/engine fetches one, with its workers; then set LLAMA_SERVER."
[ -x "$program" ] || stop "There is no local-mcp on PATH. Run ./install.sh, or set LOCAL_MCP_PROGRAM."
worker=$(dirname -- "$server")/ggml-rpc-server
[ -x "$worker" ] || stop "There is no ggml-rpc-server beside $server. scripts/fetch-engine.sh puts both into one folder (Debian has it in the package libggml0-backend-rpc); a build of your own needs -DGGML_RPC=ON."

home=$(mktemp -d)
started=()

# Ends what this script has started, by its process, and waits for it.
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
    local id
    for id in ${started[@]+"${started[@]}"}; do kill "$id" 2>/dev/null || true; done
    for id in ${started[@]+"${started[@]}"}; do wait "$id" 2>/dev/null || true; done
    rm -rf "$home"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# A port of the loopback interface where nobody answers.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then printf '%s' "$port"; return; fi
    done
}

# Starts a program in the background; its process is in $! afterwards.
start() {
    local log=$1
    shift
    "$@" >"$log" 2>&1 </dev/null &
    started+=("$!")
}

wait_for() {
    local what=$1 id=$2 log=$3 tries=0
    shift 3
    until "$@" >/dev/null 2>&1; do
        kill -0 "$id" 2>/dev/null || { tail -n 5 "$log" >&2; stop "$what has ended before it was ready."; }
        tries=$((tries + 1))
        [ "$tries" -lt 1200 ] || stop "$what was not ready within two minutes."
        sleep 0.1
    done
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

# Memory of a process in MB of 10^6 bytes; on Linux with shared pages shared out.
memory() {
    if [ -r "/proc/$1/smaps_rollup" ]; then
        awk '/^Pss:/ { printf "%.0f", $2 * 1024 / 1e6 }' "/proc/$1/smaps_rollup"
    else
        ps -o rss= -p "$1" | awk '{ printf "%.0f", $1 * 1024 / 1e6 }'
    fi
}

# One chat through local-mcp; prints the tokens per second that it reports.
chat() {
    env -i HOME="$home" PATH=/usr/bin:/bin ${DOTNET_ROOT:+DOTNET_ROOT="$DOTNET_ROOT"} LOCAL_MCP_URL="http://127.0.0.1:$1" \
        "$program" chat "Tell me a story about a lighthouse." --max-tokens "$tokens" </dev/null 2>&1 >/dev/null |
        sed -nE 's/.* ([0-9.]+) tok\/s.*/\1/p' | tail -n 1
}

median() { sort -n | awk '{ value[NR] = $1 } END { print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'; }

# ---- start all of it

list=''
worker_ids=()
for number in $(seq "$workers"); do
    port=$(free_port)
    start "$home/worker-$number.log" "$worker" --host 127.0.0.1 --port "$port" --threads 1
    worker_ids+=("$!")
    wait_for "worker $number" "$!" "$home/worker-$number.log" listens "$port"
    list=$list${list:+,}127.0.0.1:$port
done
flags=(--model "$model" --ctx-size 2048 --parallel 1 --threads 1 --ignore-eos --no-webui --host 127.0.0.1)
shared_port=$(free_port)
start "$home/shared.log" "$server" "${flags[@]}" --port "$shared_port" --rpc "$list" --n-gpu-layers 999
shared=$!
wait_for "llama-server with workers" "$shared" "$home/shared.log" curl -fs "http://127.0.0.1:$shared_port/health"
alone_port=$(free_port)
start "$home/alone.log" "$server" "${flags[@]}" --port "$alone_port"
alone=$!
wait_for "llama-server alone" "$alone" "$home/alone.log" curl -fs "http://127.0.0.1:$alone_port/health"

# ---- ask both in turn

chat "$shared_port" >/dev/null
chat "$alone_port" >/dev/null
for _ in $(seq "$rounds"); do
    chat "$shared_port" >>"$home/shared.speeds"
    chat "$alone_port" >>"$home/alone.speeds"
done
[ -s "$home/shared.speeds" ] || stop "local-mcp chat said no speed: $(env -i HOME="$home" PATH=/usr/bin:/bin LOCAL_MCP_URL="http://127.0.0.1:$shared_port" "$program" chat hello --max-tokens 8 </dev/null 2>&1 | tail -n 3)"

# ---- figures

worker_memory=''
for id in "${worker_ids[@]}"; do worker_memory=$worker_memory${worker_memory:+ + }$(memory "$id"); done
say "| set-up | tok/s through local-mcp chat, median of $rounds | memory in MB |"
say "|---|--:|---|"
say "| one llama-server | $(median <"$home/alone.speeds") | $(memory "$alone") |"
say "| llama-server with $workers workers on loopback | $(median <"$home/shared.speeds") | $(memory "$shared") (llama-server), $worker_memory (workers) |"
say
say "$("$server" --version 2>&1 | grep -m1 '^version' || true); $tokens tokens an answer, one thread each."
