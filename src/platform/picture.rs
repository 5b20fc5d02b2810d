//! Pictures from the person's files.

use crate::browser::picture;
use leptos::{html::Input, prelude::*};

pub use crate::browser::picture::{Square, Unfit};

/// Takes the picture that was chosen in a field for files and makes a small square of it; none if none was chosen.
pub async fn chosen_picture(field: NodeRef<Input>) -> Option<Result<Square, Unfit>> {
    let file = picture::take_file(&field.get_untracked()?)?;
    Some(picture::square(&file).await)
}
