"""The colours of a picture. Value and gradient differ in lightness too, for readers who see few colours;
a gradient is also written in italics, below its line."""

LIGHT = {
    "panel": "#fcfcfb",
    "frame": "#deded9",
    "ink": "#1f2328",
    "muted": "#5b636b",
    "line": "#7b848d",
    "input": "#e8f2f3",
    "gate": "#ffffff",
    "value": "#006d77",
    "gradient": "#b23a00",
    "local": "#6a3d9a",
}
DARK = {
    "panel": "#16191d",
    "frame": "#343a41",
    "ink": "#eceff2",
    "muted": "#a3adb7",
    "line": "#7d8792",
    "input": "#1c3236",
    "gate": "#23282e",
    "value": "#4dd9c7",
    "gradient": "#ff8f6b",
    "local": "#c9a8ff",
}

# What is wrong, in a plot; it is also said in words.
ERROR = {"light": "#4d0013", "dark": "#ff4d85"}
# Classes of samples, for areas and marks; a mark has a shape or a number too.
CLASSES = ("#bf8f00", "#5c2ee6", "#e60073", "#2eb8e6", "#993d1f", "#6f4599")
# Maps of numbers: from nothing to much, and from minus over nothing to plus. The ends are pale on a light
# page and deep on a dark one, so that the ink of a number can be read on every colour between them.
SEQUENTIAL = {"light": ("#fcfcfb", "#5fb3ba"), "dark": ("#16191d", "#0b6a68")}
DIVERGING = {"light": ("#f0a27f", "#fcfcfb", "#5fb3ba"), "dark": ("#963c1c", "#16191d", "#0b6a68")}
THEMES = {"light": LIGHT | {"error": ERROR["light"]}, "dark": DARK | {"error": ERROR["dark"]}}


def colour_of(c):
    """The colour of class number c."""
    return CLASSES[c % len(CLASSES)]
