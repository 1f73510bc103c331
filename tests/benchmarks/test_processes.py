"""What processes cost, measured on real ones."""

import subprocess
import sys
import time

import psutil

from benchmarks.processes import cost, hold, release

BUSY = "import time\nuntil = time.monotonic() + 120\nwhile time.monotonic() < until: pass"


def test_a_held_process_costs_nothing_until_it_is_released():
    with subprocess.Popen([sys.executable, "-c", BUSY]) as busy:
        try:
            time.sleep(0.2)
            hold([busy.pid])
            while psutil.Process(busy.pid).status() != psutil.STATUS_STOPPED:
                time.sleep(0.02)
            before = cost(busy.pid).processor
            time.sleep(0.3)
            assert cost(busy.pid).processor == before
            release([busy.pid])
            while cost(busy.pid).processor == before:
                time.sleep(0.02)
        finally:
            busy.kill()


def test_what_a_process_started_counts_unless_it_is_counted_apart():
    code = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BUSY!r}])"
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        try:
            while not (children := psutil.Process(parent.pid).children()):
                time.sleep(0.02)
            while not cost(children[0].pid).processor:
                time.sleep(0.02)
            whole, alone = cost(parent.pid), cost(parent.pid, [children[0].pid])
            assert whole.processor > alone.processor
            assert whole.memory > alone.memory > 0
        finally:
            for child in psutil.Process(parent.pid).children():
                child.kill()
            parent.kill()
