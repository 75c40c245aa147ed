"""Every widget of the course, by name, as the contents of bplib have them."""

import bplib

NAMES = [name for name, file in bplib._CONTENTS.items() if file.startswith("widgets.")]
WIDGETS = {name: getattr(bplib, name) for name in NAMES}
