#!/usr/bin/env bash
# How many tokens of Claude Code's prompts a llama-server really reads: in the first turn, in the second turn of the same conversation, and in the
# first turn of another conversation; with the attribution header and without it, and with the reminder of tokens that are left and without it.
#
#   bench/claude-turns.sh MODEL.gguf [further arguments of llama-server]
#
# Needs `claude` and `llama-server` on PATH. It changes nothing in your home: the client gets an empty one. CONTEXT (default 32768) and OUTPUT
# (default 16: what counts is the prompt) may be set. Every line names the tokens that were read anew and the seconds that this took, as
# llama-server's own log has them; what is not read anew came from its prefix cache.
set -euo pipefail

model=${1:?"usage: bench/claude-turns.sh MODEL.gguf [arguments of llama-server]"}
shift
context=${CONTEXT:-32768}
output=${OUTPUT:-16}
port=${PORT:-18765}
folder=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi; rm -rf "$folder"' EXIT

start() {
    llama-server --model "$model" --alias local --host 127.0.0.1 --port "$port" --ctx-size "$context" --parallel 1 --jinja --offline "$@" </dev/null >"$folder/log" 2>&1 &
    server=$!
    for _ in $(seq 600); do
        if curl -fsS -m 2 "http://127.0.0.1:$port/health" >/dev/null 2>&1; then return; fi
        kill -0 "$server"
        sleep 0.5
    done
}

stop() {
    kill "$server"
    wait "$server" 2>/dev/null || true
    server=
}

# ask LABEL PROMPT [arguments of claude]; the settings that are compared are in $settings. An answer that is cut short counts as an error for the client: it is none here.
ask() {
    local label=$1 prompt=$2 before
    shift 2
    before=$(grep -c 'prompt eval time' "$folder/log" || true)
    (
        cd "$folder/work"
        # shellcheck disable=SC2086 # several settings, parted by blanks
        env -i PATH="$PATH" TERM=dumb HOME="$folder/home" ANTHROPIC_BASE_URL="http://127.0.0.1:$port" ANTHROPIC_AUTH_TOKEN=local ANTHROPIC_MODEL=local \
            CLAUDE_CODE_MAX_CONTEXT_TOKENS="$context" CLAUDE_CODE_MAX_OUTPUT_TOKENS="$output" CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 CLAUDE_CODE_MAX_RETRIES=0 \
            API_TIMEOUT_MS=3600000 DISABLE_AUTO_COMPACT=1 $settings claude "$@" -p "$prompt" </dev/null >>"$folder/answers" 2>&1 || true
    )
    { grep "prompt eval time" "$folder/log" || true; } | tail -n "+$((before + 1))" | head -n 1 |
        sed -E "s|.*= *([0-9.]+) ms / *([0-9]+) tokens.*|\2 \1|" |
        awk -v name="$name" -v label="$label" '{ printf "%-42s %-28s %7d tokens read %9.1f s\n", name, label, $1, $2 / 1000 }'
}

measure() {
    name=$1
    settings=$2
    shift 2
    rm -rf "$folder/home" "$folder/work"
    mkdir -p "$folder/home" "$folder/work"
    start "$@"
    ask "first turn" "Say hello."
    ask "second turn" "And again." --continue
    ask "first turn, another prompt" "What is the capital of France?"
    stop
}

measure "header off, reminder off" "CLAUDE_CODE_ATTRIBUTION_HEADER=0 CLAUDE_CODE_TOTAL_TOKENS_REMINDER=off" "$@"
measure "header on, reminder off" "CLAUDE_CODE_TOTAL_TOKENS_REMINDER=off" "$@"
measure "header off, reminder on" "CLAUDE_CODE_ATTRIBUTION_HEADER=0 CLAUDE_CODE_TOTAL_TOKENS_REMINDER=padded-countdown" "$@"
