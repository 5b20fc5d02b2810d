// Finds visible elements by role and accessible name. Arguments: role (alternatives joined by "|"), how
// ("is", "starts", "contains", "any" for the name; "text" for the text inside), wanted string.
// The names follow the "accessible name and description computation" as far as Parley's pages need it;
// the harness checks each find against what the browser itself computes.
const [roles, how, wanted] = arguments;
const squash = (text) => (text ?? "").replace(/\s+/g, " ").trim();

const INPUT_ROLES = {
  button: "button", submit: "button", reset: "button", image: "button", checkbox: "checkbox", radio: "radio",
  range: "slider", search: "searchbox", email: "textbox", tel: "textbox", text: "textbox", url: "textbox",
  number: "spinbutton",
};
const ELEMENT_ROLES = {
  button: "button", summary: "button", nav: "navigation", main: "main", aside: "complementary", dialog: "dialog",
  h1: "heading", h2: "heading", h3: "heading", h4: "heading", h5: "heading", h6: "heading", ul: "list",
  ol: "list", menu: "list", li: "listitem", img: "img", output: "status", progress: "progressbar",
  textarea: "textbox", select: "combobox", article: "article", search: "search", form: "form", section: "region",
  video: "video",
};
const roleOf = (el) => {
  const given = squash(el.getAttribute("role"));
  if (given) return given.split(" ")[0];
  if (el.localName === "a") return el.hasAttribute("href") ? "link" : "generic";
  if (el.localName === "input") return INPUT_ROLES[el.type] ?? "generic";
  return ELEMENT_ROLES[el.localName] ?? "generic";
};
const NAMED_BY_CONTENT = new Set([
  "button", "link", "heading", "tab", "option", "menuitem", "switch", "checkbox", "radio", "tooltip", "cell", "row",
]);
const hidden = (el) =>
  el.closest("[aria-hidden=true], [inert]") !== null || !el.checkVisibility({ visibilityProperty: true });

const content = (el) => {
  let text = "";
  for (const node of el.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) text += node.data;
    else if (node.nodeType === Node.ELEMENT_NODE && !hidden(node)) {
      const inside = nameOf(node, true);
      text += getComputedStyle(node).display.startsWith("inline") ? inside : ` ${inside} `;
    }
  }
  return text;
};
const nameOf = (el, within = false) => {
  const labelled = el.getAttribute("aria-labelledby");
  if (labelled && !within) {
    const parts = labelled.split(/\s+/).map((id) => document.getElementById(id)).filter(Boolean);
    if (parts.length > 0) return parts.map((part) => squash(part.getAttribute("aria-label") ?? content(part))).join(" ");
  }
  const label = squash(el.getAttribute("aria-label"));
  if (label) return label;
  if (el.localName === "img") return el.alt ?? "";
  if (el.localName === "input" && ["button", "submit", "reset"].includes(el.type)) return el.value;
  // Inside its own label, a control does not name itself.
  if (!within && el.labels?.length > 0) return [...el.labels].map(content).join(" ");
  if (el.localName === "svg") return el.querySelector(":scope > title")?.textContent ?? "";
  if (within || NAMED_BY_CONTENT.has(roleOf(el))) {
    const text = content(el);
    if (squash(text)) return text;
  }
  return el.getAttribute("title") ?? el.getAttribute("placeholder") ?? "";
};

const allowed = new Set(roles.split("|"));
const fits = (el) => {
  if (how === "any") return true;
  const have = how === "text" ? squash(el.innerText) : squash(nameOf(el));
  if (how === "is") return have === wanted;
  if (how === "starts") return have.startsWith(wanted);
  return have.includes(wanted);
};
return [...document.querySelectorAll("*")]
  .filter((el) => allowed.has(roleOf(el)) && !hidden(el) && fits(el))
  .map((el) => ({ element: el, role: roleOf(el), name: squash(nameOf(el)), disabled: el.disabled === true }));
