//! Build script of the page: keeps the linker's relocations when the feature `split` is on. `wasm-split`
//! reads from them which function needs which, and cuts the program into parts that are loaded on demand.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        println!("cargo:rustc-link-arg-bins=--emit-relocs");
    }
}
