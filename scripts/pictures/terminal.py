"""A terminal that is watched (tmux), and the picture of what it showed (SVG). Standard library only; tmux is the terminal emulator."""

import html
import re
import subprocess
import time

FOREGROUND, BACKGROUND = "#d6d9de", "#14171c"
# The sixteen colours of the usual dark themes, a little muted.
SIXTEEN = ["#3a3f47", "#e06c75", "#8cc265", "#d8b365", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
           "#6b727d", "#ff7b86", "#a5e075", "#f0c674", "#8cc8ff", "#de9bf0", "#7fd7e0", "#ffffff"]
CELL, LINE, SIZE, MARGIN, BAR = 8.43, 19, 14, 16, 30


class Terminal:
    """A shell in a tmux server of its own. What it shows is kept with its time from `watch` on."""

    def __init__(self, folder, columns, rows, environment):
        self.socket, self.columns, self.rows, self.frames, self.started = f"{folder}/tmux", columns, rows, [], None
        given = [part for name, value in environment.items() for part in ("-e", f"{name}={value}")]
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", environment["PWD"], *given,
                  "env -i " + " ".join(f"{name}='{value}'" for name, value in environment.items()) + " bash --norc --noprofile")

    def tmux(self, *arguments):
        return subprocess.run(["tmux", "-S", self.socket, *arguments], check=True, capture_output=True, text=True).stdout

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], check=False, capture_output=True)

    def screen(self):
        """The lines, each with the colours in force at its beginning: tmux names them only where they change."""
        lines, force = [], ""
        for line in self.tmux("capture-pane", "-e", "-p").rstrip("\n").split("\n"):
            lines.append(force + line if line else "")
            for code in re.findall(r"\x1b\[[0-9;:]*m", line):
                force = "" if code in ("\x1b[0m", "\x1b[m") else force + code
        return lines

    def text(self):
        return self.tmux("capture-pane", "-p")

    def watch(self):
        self.started, self.frames = time.monotonic(), []
        self.look()

    def look(self):
        shown = self.screen()
        if self.started is not None and (not self.frames or self.frames[-1][1] != shown):
            self.frames.append((time.monotonic() - self.started, shown))

    def rest(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.look()
            time.sleep(0.05)

    def keys(self, *names):
        self.tmux("send-keys", *names)

    def type(self, text):
        for character in text:
            self.tmux("send-keys", "-l", character)
            self.rest(0.03)

    def run(self, command, patience=120):
        """Types a command, and waits until the prompt is back."""
        self.keys("C-l")
        self.type(command)
        self.keys("Enter")
        self.rest(0.4)
        self.until(lambda text: text.rstrip().split("\n")[-1].strip() == "$", patience)
        self.rest(3)

    def until(self, seen, patience=120):
        """Waits for what must be on the screen: a text, or a question about it."""
        is_there = seen if callable(seen) else lambda text: seen in text
        until = time.monotonic() + patience
        while not is_there(self.text()):
            if time.monotonic() > until:
                raise SystemExit(f"Waited {patience} s in vain for {seen}. The screen:\n{self.text()}")
            self.rest(0.1)
        self.look()


def spans(line):
    """A line of the terminal as (column, text, style) for each run of one style."""
    style, column, found = {}, 0, []
    for part in re.split(r"(\x1b\[[0-9;:]*m)", line):
        if part.startswith("\x1b["):
            style = styled(style, [int(n or 0) for n in re.split("[;:]", part[2:-1])])
        elif part:
            found.append((column, part, style))
            column += len(part)
    return found


def styled(style, numbers):
    style, numbers = dict(style), list(numbers)
    while numbers:
        n = numbers.pop(0)
        if n == 0:
            style = {}
        elif n in (1, 2, 3, 4, 7):
            style[{1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse"}[n]] = True
        elif n in (22, 23, 24, 27):
            for name in {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("reverse",)}[n]:
                style.pop(name, None)
        elif 30 <= n <= 37 or 90 <= n <= 97:
            style["fore"] = SIXTEEN[n - 30 if n < 90 else n - 82]
        elif 40 <= n <= 47 or 100 <= n <= 107:
            style["back"] = SIXTEEN[n - 40 if n < 100 else n - 92]
        elif n in (39, 49):
            style.pop("fore" if n == 39 else "back", None)
        elif n in (38, 48) and numbers:
            kind = numbers.pop(0)
            taken = [numbers.pop(0) for _ in range(min(len(numbers), 3 if kind == 2 else 1))]
            style["fore" if n == 38 else "back"] = "#%02x%02x%02x" % tuple(taken) if kind == 2 else of_256(taken[0])
    return style


def of_256(n):
    if n < 16:
        return SIXTEEN[n]
    if n >= 232:
        return "#%02x%02x%02x" % ((8 + 10 * (n - 232),) * 3)
    return "#%02x%02x%02x" % tuple(0 if c == 0 else 55 + 40 * c for c in ((n - 16) // 36, (n - 16) // 6 % 6, (n - 16) % 6))


def row(line, number):
    """One line as SVG: every run at its own column, so that no font can shift it."""
    y, behind, text = BAR + MARGIN + LINE * (number + 1) - 5, [], []
    for column, words, style in spans(line):
        fore, back = style.get("fore", FOREGROUND), style.get("back")
        if style.get("reverse"):
            fore, back = back or BACKGROUND, fore
        x = MARGIN + CELL * column
        if back:
            behind.append(f'<rect x="{x:.1f}" y="{y - LINE + 5}" width="{CELL * len(words):.1f}" height="{LINE}" fill="{back}"/>')
        if words.strip():
            look = "".join((' font-weight="bold"' if style.get("bold") else "", ' opacity=".6"' if style.get("dim") else "", ' font-style="italic"' if style.get("italic") else "",
                            ' text-decoration="underline"' if style.get("underline") else "", f' fill="{fore}"' if fore != FOREGROUND else ""))
            text.append(f'<text x="{x:.1f}" y="{y}" textLength="{CELL * len(words):.1f}"{look}>{html.escape(words, quote=False)}</text>')
    return "".join(behind + text)


def picture(frames, columns, rows, title, still=False, fastest=0.0, longest_pause=3.0):
    """The frames as one SVG that plays once and rests on the last one; with `still`, only the last one. Pauses are cut to `longest_pause` seconds."""
    frames = frames[-1:] if still else paced(frames, longest_pause)
    used = min(rows, max(max((i + 1 for i, line in enumerate(shown) if line.strip()), default=1) for _, shown in frames))
    body = []
    for number in range(used):
        for start, end, line in versions(frames, number):
            drawn = row(line, number)
            if not drawn:
                continue
            if start <= fastest and end is None:
                body.append(drawn)
            elif end is None:
                body.append(f'<g class="on" style="animation-delay:{start:.2f}s">{drawn}</g>')
            else:
                body.append(f'<g class="while" style="animation-delay:{start:.2f}s;animation-duration:{end - start:.2f}s">{drawn}</g>')
    width, height = 2 * MARGIN + CELL * columns, BAR + 2 * MARGIN + LINE * used
    dots = "".join(f'<circle cx="{20 + 20 * i}" cy="15" r="5.5" fill="{c}"/>' for i, c in enumerate(("#e06c75", "#d8b365", "#8cc265")))
    name = html.escape(title, quote=True)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}" role="img" aria-label="{name}">\n'
            f"<title>{name}</title>\n"
            "<style>text{white-space:pre}.on{animation:appear 1ms step-end both}.while{opacity:0;animation:show step-end}"
            "@keyframes appear{from{opacity:0}to{opacity:1}}@keyframes show{from,to{opacity:1}}@media(prefers-reduced-motion:reduce){.on,.while{animation:none}}</style>\n"
            f'<rect width="100%" height="100%" rx="9" fill="{BACKGROUND}"/><rect width="100%" height="{BAR}" rx="9" fill="#20242b"/>{dots}\n'
            f'<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,\'DejaVu Sans Mono\',monospace" font-size="{SIZE}" fill="{FOREGROUND}" xml:space="preserve">\n'
            + "\n".join(body) + "\n</g>\n</svg>\n")


def paced(frames, longest_pause):
    shorter, clock, before = [], 0.0, frames[0][0]
    for at, shown in frames:
        clock += min(at - before, longest_pause)
        before = at
        shorter.append((clock, shown))
    return shorter


def versions(frames, number):
    """What stood in a line of the screen, from when to when; an end of None is the end of the recording."""
    found = []
    for at, shown in frames:
        line = shown[number] if number < len(shown) else ""
        if not found or found[-1][2] != line:
            if found:
                found[-1] = (found[-1][0], at, found[-1][2])
            found.append((at, None, line))
    return found
