#!/usr/bin/env python3
"""Records the pictures of the README from real runs: docs/pictures/session.svg and, with Claude Code on hand, docs/pictures/menu.svg.

    scripts/pictures/record.py [--claude PATH] [session|menu …]

Needs: tmux, a local-mcp on PATH (or LOCAL_MCP_PROGRAM), llama-server, and for the menu Claude Code. Everything happens in a temporary home.
The models are this repository's test models: hollow files with the headers of real ones, so that sizes and verdicts are those of the real
ones on this machine, and one model that can say a single text, so that a picture can be made anywhere. What is shown is what was printed.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from messages import Messages
from terminal import Terminal, picture

ROOT = pathlib.Path(__file__).resolve().parents[2]
COLUMNS, ROWS = 124, 24

SOURCE = '''from datetime import date


def parse_day(text: str) -> date:
    """A day written as 2026-11-21; ValueError says what is wrong with it."""
    year, month, day = (int(part) for part in text.split("-"))
    return date(year, month, day)
'''

ANSWER = '''```python
import pytest
from datetime import date
from dates import parse_day

def test_reads_a_day():
    assert parse_day("2026-11-21") == date(2026, 11, 21)

def test_refuses_a_month_13():
    with pytest.raises(ValueError):
        parse_day("2026-13-01")
```'''


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    words.add_argument("pictures", nargs="*", default=[])
    words.add_argument("--claude", default=shutil.which("claude"))
    wanted = words.parse_args()
    program = os.environ.get("LOCAL_MCP_PROGRAM") or shutil.which("local-mcp") or sys.exit("No local-mcp on PATH; LOCAL_MCP_PROGRAM names one.")
    shutil.which("llama-server") or sys.exit("No llama-server on PATH: without an engine there is nothing to show.")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="lm-"))
    try:
        environment = prepare(folder, pathlib.Path(program).resolve(), wanted.claude)
        for name in wanted.pictures or ["session", "menu"]:
            RECORDERS[name](folder, environment, wanted.claude)
        subprocess.run(["local-mcp", "stop"], env=environment, check=False, capture_output=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prepare(folder, program, claude):
    """A home with models, a project with one source file, and the programs under their usual names."""
    home, project, programs = folder / "home", folder / "home/project", folder / "bin"
    models = home / ".local/share/local-mcp/models"
    for path in (models, project / "src", project / "tests", programs):
        path.mkdir(parents=True)
    (programs / "local-mcp").symlink_to(program)
    if claude:
        (programs / "claude").symlink_to(pathlib.Path(claude).resolve())
    (project / "src/dates.py").write_text(SOURCE)
    for name, like, quantization in (("Qwen2.5-Coder-14B-Instruct-Q4_K_M", "qwen2.5-14b", "Q4_K"), ("Qwen2.5-Coder-32B-Instruct-Q6_K", "qwen2.5-32b", "Q6_K"), ("Qwen2.5-Coder-7B-Instruct-Q8_0", "qwen2.5-7b", "Q8_0")):
        write_model("random", "--out", models / f"{name}.gguf", "--like", like, "--quantization", quantization, "--name", name, "--hollow")
    write_model("scripted", "--out", models / "scripted-drafts.gguf", "--text", ANSWER, "--name", "scripted-drafts")
    environment = {"HOME": str(home), "PATH": f"{programs}:{os.environ['PATH']}", "PWD": str(project), "PS1": "$ ", "TERM": "xterm-256color", "LANG": "C.UTF-8", "TMPDIR": str(folder)}
    subprocess.run(["local-mcp", "use", "drafts"], env=environment, cwd=project, check=True, capture_output=True)
    return environment


def write_model(*arguments):
    program = next(ROOT.glob("tests/LocalMcp.TestModels/bin/*/net10.0/test-models"), None) or sys.exit("Build first: dotnet build LocalMcp.sln")
    subprocess.run([program, *arguments], check=True, capture_output=True)


def session(folder, environment, _):
    terminal = Terminal(folder, COLUMNS, ROWS, environment)
    try:
        terminal.until(lambda text: text.strip() == "$")
        terminal.watch()
        terminal.run("local-mcp models")
        terminal.run("local-mcp use 32b")
        terminal.run('local-mcp chat "Write tests for it." --file src/dates.py --out tests/test_dates.py')
        terminal.run('local-mcp stats')
        terminal.rest(2)
        write("session", picture(terminal.frames, COLUMNS, ROWS, "A terminal: local-mcp lists models with their memory, refuses one that is too big, writes tests into a file, and counts what that spared"))
    finally:
        terminal.close()


def menu(folder, environment, claude):
    if not claude:
        sys.exit("Claude Code is not on PATH; --claude names it. docs/pictures/menu.svg was not made.")
    # The client wants somebody to answer as its cloud model: here a stand-in on loopback, which is never asked for the menu.
    with Messages() as messages:
        terminal = Terminal(folder, COLUMNS, ROWS, messages.environment(environment))
        try:
            prepare_client(pathlib.Path(environment["HOME"]), environment["PWD"])
            terminal.until(lambda text: text.strip() == "$")
            terminal.type("claude --mcp-config mcp.json --strict-mcp-config")
            terminal.keys("Enter")
            terminal.until("❯", 60)
            terminal.rest(4)
            terminal.type("/mcp__local__switch-model")
            terminal.rest(1)
            # The first completes the name, the second sends it.
            terminal.keys("Enter")
            terminal.rest(1)
            terminal.keys("Enter")
            terminal.until("requests your input", 60)
            terminal.keys("Right")
            terminal.until("Qwen2.5-Coder-14B", 60)
            terminal.rest(1)
            terminal.watch()
            at, shown = terminal.frames[-1]
            # From the command on: what the client says above it is not ours.
            asked = next(number for number, line in enumerate(shown) if "/mcp__local" in line)
            write("menu", picture([(at, shown[asked:])], COLUMNS, ROWS, "Claude Code: the menu of local models, with memory and verdict for each", still=True))
        finally:
            terminal.close()


def prepare_client(home, project):
    """What its first start would ask, answered."""
    import json
    (home / ".claude.json").write_text(json.dumps({
        "hasCompletedOnboarding": True, "theme": "dark", "bypassPermissionsModeAccepted": True,
        "customApiKeyResponses": {"approved": ["not-a-real-key"], "rejected": []},
        "projects": {project: {"hasTrustDialogAccepted": True, "hasCompletedProjectOnboarding": True}},
    }))
    pathlib.Path(project, "mcp.json").write_text(json.dumps({"mcpServers": {"local": {"command": "local-mcp", "args": ["serve"]}}}))


def write(name, text):
    target = ROOT / "docs/pictures" / f"{name}.svg"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)
    print(f"{target.relative_to(ROOT)}: {len(text) / 1000:.0f} KB")


RECORDERS = {"session": session, "menu": menu}

if __name__ == "__main__":
    main()
