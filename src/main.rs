//! Mounts the page.

fn main() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(async {
        parley::state::language::load().await;
        leptos::mount::mount_to_body(parley::app::App);
    });
}
