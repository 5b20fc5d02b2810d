// Starts the page: loads the script and the WebAssembly file that the build names in
// `meta[name="parley-app"]`, since their names change with their contents. This is a file of its own because
// the page's policy forbids inline scripts. The theme is set before anything is drawn, so that the page does
// not flash. Reading it throws where the person allows sites no storage.
try {
  const theme = localStorage.getItem('theme');
  if (theme) document.documentElement.dataset.theme = theme;
} catch {}
const { js, wasm } = document.querySelector('meta[name="parley-app"]').dataset;
try {
  const { default: init } = await import(js);
  await init({ module_or_path: wasm });
} catch (error) {
  // Leaving the page aborts the loads and ends up here too. After the pause such a page is gone, and only a
  // real failure is shown.
  await new Promise((later) => setTimeout(later, 500));
  console.error(error);
  const note = document.createElement('p');
  note.setAttribute('role', 'alert');
  note.textContent = 'Parley could not start. Reload the page; if that does not help, update the browser.';
  document.body.append(note);
}
