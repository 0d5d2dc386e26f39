"""Prints the ratios NEW/BASE of the speeds that compare-commits.sh measured: TYPE.ROUND.SIDE.json, as `archgen bench --format json` writes them.

Usage: speed_table.py FOLDER LIMIT. The exit code is 1 if a median is below LIMIT.
"""
import collections
import json
import pathlib
import statistics
import sys


def main():
    folder, limit = pathlib.Path(sys.argv[1]), float(sys.argv[2])
    speeds = collections.defaultdict(dict)
    for path in folder.glob("*.json"):
        kind, round_number, side, _ = path.name.split(".")
        for result in json.loads(path.read_text()):
            speeds[kind, result["test"]][int(round_number), side] = result["tokens_per_second"]
    worst = collections.defaultdict(lambda: float("inf"))
    print(f"{'type':8} {'test':6} {'base t/s':>9} {'new t/s':>9} {'median':>7}  new/base, round by round")
    for (kind, test), measured in sorted(speeds.items()):
        rounds = sorted({number for number, _ in measured})
        ratios = [measured[number, "new"] / measured[number, "base"] for number in rounds]
        base, new = (statistics.median(measured[number, side] for number in rounds) for side in ("base", "new"))
        ratio = statistics.median(ratios)
        worst[kind] = min(worst[kind], ratio)
        print(f"{kind:8} {test:6} {base:9.2f} {new:9.2f} {ratio:7.3f}  {' '.join(f'{r:.3f}' for r in ratios)}")
    for kind, ratio in worst.items():
        print(f"worst of {kind}: {ratio:.3f}{'' if ratio >= limit else f', below {limit}'}")
    if min(worst.values()) < limit:
        print("The speed of a machine changes with its load and temperature: repeat with more rounds on an idle machine before you believe a small difference.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
