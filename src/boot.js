// Starts the page: loads the two files that the build names in the element below, whose names change with
// their contents. A script of its own, because the page allows no inline one.
// The theme comes before the page does, so that nothing flashes. (Reading fails where a site may remember nothing.)
try {
  const theme = localStorage.getItem('theme');
  if (theme) document.documentElement.dataset.theme = theme;
} catch {}
const { js, wasm } = document.querySelector('meta[name="parley-app"]').dataset;
try {
  const { default: init } = await import(js);
  await init({ module_or_path: wasm });
} catch (error) {
  // What is left before it was loaded fails as well; then nobody is here any longer after this.
  await new Promise((later) => setTimeout(later, 500));
  console.error(error);
  const note = document.createElement('p');
  note.setAttribute('role', 'alert');
  note.textContent = 'Parley could not start. Reload the page; if that does not help, update the browser.';
  document.body.append(note);
}
