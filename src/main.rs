//! The entry point of the page: loads the person's language, then mounts [`parley::app::App`].

fn main() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(async {
        parley::state::language::load().await;
        // The page reads its texts without signals, so the language has to be there before the first view.
        leptos::mount::mount_to_body(parley::app::App);
    });
}
