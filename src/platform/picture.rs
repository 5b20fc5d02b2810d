//! Profile pictures from the person's files.

use crate::browser::picture;
use leptos::{html::Input, prelude::*};

pub use crate::browser::picture::{Square, Unfit};

/// Takes the file that was chosen in a field and makes a small square picture of it; none if none was chosen.
pub async fn chosen_picture(field: NodeRef<Input>) -> Option<Result<Square, Unfit>> {
    let file = picture::take_file(&field.get_untracked()?)?;
    Some(picture::square(&file).await)
}
