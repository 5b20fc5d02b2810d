//! One component per file; its stylesheet has the same place and stem under `style/components/`. None of them
//! knows the browser.

pub mod call;
pub mod conversation;
pub mod kit;
pub mod people;
pub mod settings;
