#!/usr/bin/env bash
# Builds sdist and wheel, installs the wheel where nothing else is, and runs the demo from it.
# Usage: tests/wheel.sh PYTHON, where PYTHON has the package `build`.
set -euo pipefail

[ $# -eq 1 ] || { echo "usage: tests/wheel.sh PYTHON" >&2; exit 2; }
python=$(command -v "$1") || { echo "wheel: there is no $1" >&2; exit 2; }
python=$(cd "$(dirname "$python")" && pwd)/$(basename "$python")
tree=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/massager-wheel.XXXXXX")
trap 'rm -rf "$folder"' EXIT
case "$folder" in "$tree"/*) echo "wheel: TMPDIR lies inside the repository" >&2; exit 2 ;; esac

# Nothing of the caller's may lend a hand: no import path, no settings, no state.
unset PYTHONPATH PYTHONHOME MASSAGER_DATA MASSAGER_RADIO
export XDG_STATE_HOME="$folder/state" XDG_DATA_HOME="$folder/share" XDG_RUNTIME_DIR="$folder/run" PIP_DISABLE_PIP_VERSION_CHECK=1
mkdir -m 700 "$XDG_RUNTIME_DIR" "$folder/elsewhere"

step() { # step WHAT COMMAND...: one line a step; a failing one shows everything it said
    local what=$1 begin=$SECONDS
    shift
    if "$@" >"$folder/said" 2>&1; then
        printf 'wheel: ok, %2d s: %s\n' $((SECONDS - begin)) "$what"
    else
        local code=$?
        printf 'wheel: FAILED with %d: %s\n' "$code" "$what" >&2
        cat "$folder/said" >&2
        exit 1
    fi
}

same_programs() {
    "$bin/massager" programs | tee "$folder/programs"
    local name
    for name in "$tree"/profiles/programs/*.yaml; do
        grep -q "^$(basename "$name" .yaml) " "$folder/programs" || { echo "no $name"; return 1; }
    done
}

my_app_tests() { (cd test-my-app && "$bin/python" -m pytest -v -p no:cacheprovider); }

session_of_a_script() {
    "$bin/python" -m firmware_sim --model chair --listen "unix:$folder/air" >"$folder/listens" &
    local simulator=$! code=0
    until grep -q listening "$folder/listens" || ! kill -0 $simulator; do sleep 0.1; done
    "$bin/python" one_session.py "unix:$folder/air" || code=$?
    kill $simulator && wait $simulator
    return $code
}

step "build the sdist, and the wheel from it" "$python" -m build --outdir "$folder/dist" "$tree"
step "make a clean environment" "$python" -m venv --without-pip "$folder/venv"
bin=$folder/venv/bin
step "install the wheel with its extra sim" \
    "$python" -m pip --python "$bin/python" install --no-compile "$(echo "$folder"/dist/*.whl)[sim]"

# Every Python process of this environment notes at its end which files it imported.
site=$("$bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
cat >"$site/witness.py" <<'PYTHON'
import atexit, os, sys

def note(folder=os.environ.get("WITNESS")):
    if folder:
        files = {getattr(m, "__file__", None) or "" for m in list(sys.modules.values())}
        with open(f"{folder}/{os.getpid()}", "w") as out:
            out.write("\n".join(sorted(files)) + "\n")

atexit.register(note)
PYTHON
echo 'import witness' >"$site/witness.pth"
export WITNESS=$folder/witness
mkdir "$WITNESS"
cd "$folder/elsewhere"

step "massager --help" "$bin/massager" --help
step "massager programs lists what the tree has" same_programs
step "the profiles are those inside the wheel" "$bin/python" - "$tree" <<'PYTHON'
import pathlib, sys
from massager._resources import profiles_folder

inside, outside = profiles_folder(), pathlib.Path(sys.argv[1], "profiles")
assert inside.parts[-3:] == ("site-packages", "massager", "_profiles"), inside
names = [sorted(p.relative_to(f).as_posix() for p in f.rglob("*") if p.suffix in {".yaml", ".json"}) for f in (inside, outside)]
assert names[0] == names[1] and any(name.endswith(".json") for name in names[0]), names
for name in names[0]:
    assert (inside / name).read_bytes() == (outside / name).read_bytes(), name
PYTHON
cp "$site/massager/_profiles/safety/mild-lumbar.yaml" copy.yaml
step "massager profile validate, on a copy" "$bin/massager" profile validate copy.yaml
mkdir old
step "a store of the first version" "$bin/python" - "$tree/tests/store/first_version.sql" <<'PYTHON'
import pathlib, sqlite3, sys

with sqlite3.connect("old/massager.db") as raw:
    raw.executescript(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
PYTHON
step "is carried forward, and its chain holds" "$bin/massager" log --verify --data old
step "massager demo, headless, 5 s" "$bin/massager" demo --headless --seconds 5 --trace trace.jsonl
step "the trace shows level 1 and rest" "$bin/python" - trace.jsonl <<'PYTHON'
import json, sys

rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
states = [row for row in rows if "actuator" in row]
assert max(row["level"] for row in states) == 1, "the highest level is not 1"
pressing = [row["t"] for row in states if row["force_n"] > 0]
assert pressing and 4 <= pressing[-1] - pressing[0] <= 6, "it did not press for about 5 s"
for name in ("roller_left", "roller_right"):
    last = [row for row in states if row["actuator"] == name][-1]
    assert (last["level"], last["force_n"], last["cause"]) == (0, 0, "rest"), last
events = [row["event"] for row in rows if "event" in row]
assert events.index("stop") < events.index("session_start") < events.index("session_end"), events
PYTHON
# Without the witness: pip is the repository's.
step "install its extra pytest" env -u WITNESS \
    "$python" -m pip --python "$bin/python" install --no-compile "$(echo "$folder"/dist/*.whl)[pytest]"
cp -r "$tree/examples/test-my-app" "$tree"/examples/*.py .
step "a stranger's project: fixture, process, replay" my_app_tests
step "a recording is made and replayed" "$bin/python" record_and_replay.py
step "a script runs a session" session_of_a_script
step "nothing was imported from the repository" "$bin/python" - "$tree" "$WITNESS" <<'PYTHON'
import pathlib, sys

tree, seen = sys.argv[1], [path.read_text() for path in pathlib.Path(sys.argv[2]).iterdir()]
strays = [line for text in seen for line in text.splitlines() if line.startswith(tree + "/")]
assert not strays, strays[:5]
for room in ("massager/cli", "massager/guardian", "firmware_sim/server"):
    assert any(f"site-packages/{room}" in text for text in seen), f"no process imported {room}"
PYTHON
echo "wheel: the wheel works by itself ($SECONDS s)"
