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
}
