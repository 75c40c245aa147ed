"""What the lessons ask, and what gives the answer away: nobody may see it before the cell has been run.

A row is (words of the question, a pattern that fits its answer, since, until): in that part of the lesson
nothing that a reader sees may fit the pattern. Without since and until it is the question's own section.
"""

import html
import re

ANSWERS = {
    "01_chain_rule": [
        ("By how much does the bill rise?", r"2\.20"),
        ("should always be better. **Predict:**", r"U-curve|worse again|[Rr]ounding|too short",
         None, "### Break"),
        ("**Self-check 1.** Take $x=0.5$", r"5\.229|[-−]0\.65"),
        ("$x$ is nudged by 0.5", r"[-−]14\.00|actual [-−]2\b"),
        ("**Self-check 4.** Only the forward", r"165\.0"),
        ("**Self-check 5.** A network has", r"2000000|2 \* weights|33 minutes"),
    ],
    "02_gate_patterns": [
        ("And $y$, which stands in both?", r"8\.00|8 comes out|8 = 5|add\*{0,2} up|\+=", "# 2 ·"),
        ("**Self-check 1.** Work the four", r"\(15\.0, 10\.0\)|copy +6\.0|0\.0, 9\.0|larger gets all",
         None, "### Copy and"),
        ("**Self-check 2.** Be the backward", r"[-−]8\.00|not from here"),
        ("**Self-check 4.** Write `sweep(order)`", r"signals = node\.gate|\+= signal",
         None, "First the order"),
        ("which of the two signals of $t$", r"at t 13|had not arrived|7\+6", None, "Then `=` for"),
        ("**Self-check 5.** What does the gate exp", r"[-−]?0\.20\b|0\.1966"),
        ("how much of a signal comes through", r"0\.25|[Aa] quarter", None, "### Break it"),
        ("**Self-check 6.** The signal 1 arrives at", r"[-−]1\.50|learns nothing"),
    ],
    "03_vector_jacobians": [
        ("What does the relu send on", r"4\.\d* +0\.\d* +5\.\d* +0|\[2\] = 5\.0000|never arrives"),
        ("What happens to the *second* share?", r"must fall|[-−]0\.022", None, "### A batch times"),
        ("How many GiB would", r"625|409600 × 409600", "# 3 ·", "And now the product"),
    ],
    "04_affine_batch": [
        ("How many of the eight entries", r"four (entries|pushes)|Row 0 moves|3\. +2\. +1\. +-1\.",
         None, "**Self-check 1.**"),
        ("**Self-check 1.** By hand", r"\b16\.|the 16", None, "## 4.4"),
        ("**Self-check 2.** Before there is", r"\b13\.|the 13", None, "## 4.4"),
        ("**Self-check 3.** What is `db`", r"5\.? +7\.? +9|\(5,7,9\)|5, 7 and 9|axis=0"),
        ("**Self-check 5.** `x` of shape", r"\b20\b|axis=\(0, 1\)", None, "The same by the library"),
    ],
    "05_softmax_loss": [
        ("What is now the probability of the dog", r"Nothing moves|z \+1:"),
        ("**Self-check 1.** A guess is", r"1\.609|0\.9486", None, "## 5.4"),
        ("what they add up to", r"sum 0\.0000"),
        ("**Self-check 2.** What arrives at $y$", r"\b0\.1\b|-5\.|small wonder"),
        ("Can you make the pull larger than 1?", r"never reaches|never more"),
        ("**Self-check 3.** The guess is", r"the doubt|\[-0\.2"),
        ("what does our formula say?", r"\bnan\b|\binf\b", None, "And for a batch"),
        ("what becomes of the pull on the third", r"0\.00038|most wrong", None, "Some programs print"),
    ],
    "06_mlp_bp1_bp4": [
        ("How many times as large is its effect?", r"[-−]3\.00 times|-0\.09375", None, "## 6.4"),
        ("where does the neuron err most?", r"errs most"),
    ],
    "07_train_and_check": [
        ("How many numbers does it have to learn", r"3760|3200"),
        ("**Self-check 3.** All weights and biases", r"2\.3026|ln C|ln 10|log\(10\)"),
        ("**Predict:** does it learn?", r"0\.88|It does\."),
    ],
    "08_build_an_engine": [
        ("how many values are there in the graph", r"Three values|x = 3, square", None, "## 8.4"),
        ("which of our two ways lists a chain", r"recursive_order: R|The list grows", "### Break", "## 8.6"),
        ("What will have arrived at $a$", r"\b21\b", "purpose: a hasty", "purpose: three"),
        ("a second `backward` over the very same graph", r"\b18\b", "purpose: three"),
        ("which of the two is it that", r"'cosine': 1|Both are the cosine", "purpose: two", "---"),
    ],
    "09_bug_hunt": [
        ("Does its loss fall? Does it pass", r"gradient is perfect|labels shifted +loss|passed: True"),
        ("learn five samples by heart all the same", r"It does\.|→ 0\.0|fails: \['dW1"),
    ],
    "10_deep_signals": [
        ("What will their loss be after four epochs?", r"learn(ed)? nothing|20 layers: loss"),
        ("two of the rows are healthy. Which?", r"Read row by row|begun rightly",
         None, "Depth under your hand"),
        ("By which factor are the answers", r"117\.39|1\.1\^\{49\}", None, "### Break it"),
        ("how good is the second?", r"twenty times|alike, random biases .*0\.10",
         None, "## 10.5"),
        ("do the dead come back", r"None of them does|2\.0 +4\d +4\d", None, "## 10.6"),
        ("**Self-check 5.** The curvature is 50", r"0\.041", None, "## 10.7"),
    ],
    "11_convolution": [
        ("**Self-check 1.** There are three places", r"[-−]3\.? +12\.? +[-−]8", "# 11 ·", "## 11.2"),
        ("**Self-check 2.** Back to three places", r"[-−]11\.? +19\.? +[-−]10", None, "### Break it"),
        ("**Self-check 3.** What is $\\partial L/\\partial x$", r"2\.? +[-−]5\.? +9\.? +[-−]5",
         None, "### Break it"),
        ("a bias $b$ is added at every place", r"db = 2|gets the sum", None, "### Break it"),
        ("there is a kernel with which the third is right", r"same from both ends", None, "## 11.3"),
        ("**Self-check 4.** The first layer of AlexNet", r"\b55×55\b", "# 11 ·", "The same as a picture"),
        ("with stride 2 and padding 1. What is $y$ now?", r"2\.? +12\.? +8"),
        ("which of the nine entries of $X$", r"four times|The one in the middle", None, "Choose an entry of"),
        ("**Self-check 6.** Max pooling", r"0\.0, 7\.0, -3\.0"),
        ("how much does each lose?", r"keeps clearly more|CNN +0\.9\d", None, "What do the kernels look for"),
        ("**Self-check 7.** The image has 3 channels", r"34944", None, "The same as a picture"),
        ("where do most of the parameters sit", r"6% of them|95 in 100", None, "The same as a picture"),
    ],
    "12_norm_and_attention": [
        ("**Self-check 1.** A batch of four samples", r"1\.26\d* ", "# 12 ·", "## 12.2"),
        ("what do the four entries of $\\partial L/\\partial x$ add up to?", r"Σ dx +=  *0|They add up to 0"),
        ("**Self-check 2.** One $\\gamma$", r"gamma +input .* 0\.63|0\.632456 and 2",
         None, "Nobody runs nine gates"),
        ("in which of them do the entries still", r"sum +-?0\.0000|Wherever the mean", None, "## 12.3"),
        ("a batch with a single sample", r"Always|\[1\. 1\. 1\.\]", None, "So a network in use"),
        ("by about which power of ten", r"e-1[56]|Some sixteen", None, "## 12.6"),
        ("**Self-check 5.** Four entries", r"1\.33", None, "## 12.7"),
        ("each row of $dS$ has to add up", r"right +\[0\. 0|0, as every row", None, "---"),
        ("someone writes 0 in place", r"0\.787|0\.705|the future is seen", None, "## 12.10"),
        ("what does `dW[index] += upstream` leave", r"10\.0, 20\.0\], \[0|The last one only",
         None, "## 12.11"),
        ("at which digit will it look most?", r"looks at \d|next larger", None, "So far it was shown"),
    ],
}  # fmt: skip
ROWS = [(lesson, *row, *(None,) * (4 - len(row))) for lesson, rows in ANSWERS.items() for row in rows]

FOLD = re.compile(r"(?s)<details>.*?</details>")
HEADING = re.compile(r"^##? (.+)$", re.MULTILINE)


def where(cells, question, since, until):
    """(first cell, last cell, words with which the part that counts ends in the last)."""
    (asked,) = [k for k, cell in enumerate(cells) if question in cell.source]

    def at(k, words):
        text = cells[k].source
        return words in text if words else cells[k].cell_type == "markdown" and bool(HEADING.search(text))

    first = max(k for k in range(asked + 1) if at(k, since))
    last = min(k for k in range(asked + 1, len(cells)) if at(k, until))
    return first, last, until or HEADING.search(cells[last].source)[0]


def shown_by(cell):
    """All that the outputs of a cell say, the words of its pictures too."""
    said = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        said += [output.get("text", ""), data.get("text/plain", ""), words_of(data.get("image/svg+xml", ""))]
    return "\n".join(said)


def words_of(svg):
    return html.unescape(re.sub(r"<[^>]+>", " ", svg))


def hides(cell, what):
    return cell.metadata.get("jupyter", {}).get(what, False)


def seen_before_it_is_run(cell):
    """What a reader of the file sees of a cell: no fold is open, what is hidden is hidden."""
    if cell.cell_type == "markdown":
        return FOLD.sub("", cell.source)
    source = (
        cell.source.split("\n")[0] if hides(cell, "source_hidden") else cell.source
    )  # JupyterLab shows it
    return source + "\n" + ("" if hides(cell, "outputs_hidden") else shown_by(cell))


def all_of(cell):
    return cell.source + "\n" + shown_by(cell)
