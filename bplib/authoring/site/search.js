// A search over the sections of all lessons: each word of the question begins a word of a section found.

const WORD = /[\p{L}\p{N}]+/gu;
const MOST = 12;
const BEFORE = 60; // what is shown of the text before the first hit, in letters
const BEHIND = 140;

const wordsOf = (text) => text.toLowerCase().match(WORD) ?? [];

// How well a section fits: words in its title count most, then how dense they stand in it; 0 if one is missing.
function fit({ title, text }, asked) {
  const inTitle = wordsOf(title);
  const inText = wordsOf(text);
  const hits = asked.map((word) => {
    const begun = (other) => other.startsWith(word);
    return 5 * inTitle.filter(begun).length + (100 * inText.filter(begun).length) / (100 + inText.length);
  });
  return Math.min(...hits) && hits.reduce((a, b) => a + b);
}

// The sections that have all words of the question, the best first.
function find(sections, question) {
  const asked = wordsOf(question);
  if (!asked.length) return [];
  const fits = sections.map((section) => [fit(section, asked), section]).filter(([hits]) => hits);
  return fits.sort(([a], [b]) => b - a).map(([, section]) => section);
}

// The place in the text where a word of the question begins first, with what stands around it.
function excerpt(text, asked) {
  const hit = [...text.matchAll(WORD)].find(({ 0: word }) =>
    asked.some((begin) => word.toLowerCase().startsWith(begin)),
  );
  if (!hit) return [text.slice(0, BEFORE + BEHIND)];
  const [from, to] = [Math.max(0, hit.index - BEFORE), hit.index + hit[0].length];
  const mark = document.createElement("mark");
  mark.textContent = hit[0];
  return [(from ? "… " : "") + text.slice(from, hit.index), mark, `${text.slice(to, to + BEHIND)} …`];
}

function shown(section, asked) {
  const item = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: section.href, textContent: section.title });
  const lesson = Object.assign(document.createElement("span"), { className: "note" });
  lesson.textContent = section.lesson === section.title ? "" : section.lesson;
  const words = document.createElement("p");
  words.append(...excerpt(section.text, asked));
  item.append(link, " ", lesson, words);
  return item;
}

// form    holds an input, a status, and a list for what is found
export function searchBy(form, sections) {
  const [input, status, list] = ["input", "[role=status]", "ol"].map((part) => form.querySelector(part));
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", () => {
    const found = find(sections, input.value);
    list.replaceChildren(...found.slice(0, MOST).map((section) => shown(section, wordsOf(input.value))));
    const many = found.length > MOST ? `${found.length} sections; the best ${MOST}:` : `${found.length} sections`;
    const told = found.length ? (found.length === 1 ? "1 section" : many) : "Nothing found. Try fewer letters.";
    status.textContent = wordsOf(input.value).length ? told : "";
  });
}
