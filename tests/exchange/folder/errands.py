"""What the crew's tests have its processes do: here, since a process imports it by name."""

import os
import time


def double(context, order, tell):
    tell(f"doubling {order}")
    return context * order


def fail(_context, order, _tell):
    raise ValueError(order)


def die(_context, _order, _tell):
    os._exit(9)


def tell_and_wait(_context, order, tell):
    try:
        tell("begun")
        time.sleep(60)
    finally:
        order.write_text("cleaned")
