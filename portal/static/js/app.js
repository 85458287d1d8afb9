/* Puts the focus where people need it: on the error summary, when there is one. Remembers nothing. */

/** Move the focus to the error summary inside `part`, if it has one. */
function focusErrors(part) {
  part.querySelector("[data-error-summary]")?.focus();
}

focusErrors(document);
document.addEventListener("htmx:after:swap", () => focusErrors(document));
