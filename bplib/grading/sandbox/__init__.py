"""Running code that strangers wrote, and judging it from outside.

The cells of a student run in a process of their own, locked up: no network, no files but Python's own, little
memory and time. The test cells run in a second process, the checker, that never runs a line of a student's.
When a test calls a student's function, the call goes across, and only plain values come back.

    values      what may cross, and how it is written down
    sharing     lists, dicts and arrays that both processes hold
    clock       limits of time that do not depend on what else the machine does
    link        calls from one process into the other
    stand_in    the student's functions and objects, as a test sees them
    operators   what operators do with these
    watchful    watches the student's process for what a task bans
    shell       runs the cells of a notebook and collects what they show
    walls       locks a process up: namespaces, mounts, limits, system calls
    memory      what a student's processes use, however they hold it
    bubblewrap  the outer wall, around everything that students run in
    server      a process that has imported everything and forks one child for each hand-in
    pair        a student and a checker, for one hand-in
"""
