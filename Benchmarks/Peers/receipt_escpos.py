"""python-escpos sends a finished picture of a slip: for each line on stdin once, answering with nanoseconds."""
import contextlib
import io
import sys
import time

from escpos.printer import Dummy
from PIL import Image

picture = Image.open(sys.argv[1])
picture.load()
for _ in sys.stdin:
    # The library writes remarks to stdout.
    with contextlib.redirect_stdout(io.StringIO()):
        begin = time.perf_counter_ns()
        printer = Dummy()
        printer.image(picture, impl="bitImageRaster")
        printer.cut()
        sent = printer.output
        took = time.perf_counter_ns() - begin
    print(took, flush=True)
    assert len(sent) > 1000
