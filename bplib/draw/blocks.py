"""What stands at a line of a picture: a number, or an array as a small grid of numbers below its shape."""

from typing import NamedTuple

from .wording import gradient_label, grid, name_of, sent_label, shape_of, value_label, width

TEXT, SMALL = 13, 12  # font sizes: of a number and of a shape, of what stands in a grid
LINE, ROW, PAD = 16, 17, 8  # heights of a number and of a row of a grid; around the number in a cell


class Block(NamedTuple):
    """A number is its caption alone; of an array the caption is the shape, led by a gate's name."""

    caption: str
    rows: list  # of texts, empty for a number
    cell: float  # the width of a cell

    @property
    def columns(self):
        return len(self.rows[0]) if self.rows else 0

    @property
    def width(self):
        return max(width(self.caption, TEXT), self.cell * self.columns)

    @property
    def height(self):
        return LINE + ROW * len(self.rows)

    def to_dict(self):
        """What the browser needs to know of a grid; None for a number."""
        return {"rows": len(self.rows), "columns": self.columns, "cell": self.cell} if self.rows else None


def value_block(node):
    return _block(node["value"], value_label(node), f"{name_of(node)} {shape_of(node['value'])}".strip())


def gradient_block(node):
    return _block(node["gradient"], gradient_label(node), shape_of(node["gradient"]))


def sent_block(node, slot):
    return _block(node["downstream"][slot], sent_label(node, slot), shape_of(node["downstream"][slot]))


def _block(value, in_a_line, caption):
    rows = grid(value) or []
    longest = max((len(text) for row in rows for text in row), default=0)
    cell = round(width("0" * max(longest, 4), SMALL) + PAD) if rows else 0  # 4: room for what a slider brings
    return Block(caption if rows else in_a_line, rows, cell)
