"""A trace in words: a table for plain text, sentences for those who hear a picture."""

from .wording import (
    as_dict,
    box_label,
    brief,
    contents,
    gradient_label,
    is_plain_number,
    spoken,
    too_large,
)


def describe(trace):
    """The trace as a table of names, rules, values and gradients, one line for each node."""
    trace = as_dict(trace)
    if note := too_large(trace):
        return note
    nodes = trace["nodes"]
    rows = [("name", "rule", "value", "gradient")]
    for node in nodes:
        rows.append((node["name"], _rule(node, nodes), contents(node["value"]), gradient_label(node)))
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        f"{name:<{wide[0]}}  {rule:<{wide[1]}}  {value:>{wide[2]}}  {gradient:>{wide[3]}}"
        for name, rule, value, gradient in rows
    )


def sentences(trace):
    """The whole picture in words, one sentence for each box."""
    if note := too_large(trace):
        return note
    nodes = trace["nodes"]
    drawn = [node for node in nodes if not is_plain_number(node)] or nodes
    return " ".join(["Computational graph, inputs first.", *(_sentence(node, nodes) for node in drawn)])


def _sentence(node, nodes):
    gradient = "not computed" if node["gradient"] is None else spoken(node["gradient"])
    sent = [
        f"{spoken(node['downstream'][slot])} to {nodes[i]['name']}"
        for slot, i in enumerate(node["inputs"])
        if node["downstream"][slot] is not None and not is_plain_number(nodes[i])
    ]
    known = f"value {spoken(node['value'])}, gradient {gradient}"
    return f"{node['name']}: {_rule(node, nodes)}, {known}{'; sends ' * bool(sent)}{', '.join(sent)}."


def _rule(node, nodes):
    """The gate and what it is applied to: × of q and z, x³ of q."""
    if node["kind"] != "gate":
        return node["kind"]
    gate = box_label(node, nodes) if len(node["inputs"]) == 1 else node["symbol"] or node["gate"]
    return f"{gate} of {' and '.join(_operand(nodes[i]) for i in node['inputs'])}"


def _operand(node):
    return brief(node["value"]) if is_plain_number(node) else node["name"]
