//! The profile picture: how a file becomes one, and how it is shown.

use super::support::{ana, find, mount, settle};
use leptos::prelude::*;
use parley::{
    browser::picture::{Unfit, square},
    components::kit::avatar::Avatar,
};
use parley_protocol::{PictureId, people::UserSummary};
use uuid::Uuid;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Blob, BlobPropertyBag, File, ImageBitmap, OffscreenCanvas};

fn file(content: &JsValue, kind: &str) -> File {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(content);
    let blob = Blob::new_with_blob_sequence_and_options(&parts, &options).unwrap();
    // A file is a blob with a name, and nothing here reads the name.
    blob.unchecked_into()
}

async fn drawing(width: u32, height: u32) -> File {
    let canvas = OffscreenCanvas::new(width, height).unwrap();
    canvas.get_context("2d").unwrap().unwrap();
    let blob = JsFuture::from(canvas.convert_to_blob().unwrap()).await.unwrap();
    file(&blob, "image/png")
}

#[wasm_bindgen_test]
async fn a_file_becomes_a_small_square() {
    let picture = square(&drawing(1_600, 900).await).await.unwrap();
    assert!(picture.bytes() <= 65_536.0);
    assert!(["image/webp", "image/jpeg"].contains(&picture.kind().as_str()), "{}", picture.kind());
    let blob: Blob = JsValue::from(picture).unchecked_into();
    let made = JsFuture::from(window().create_image_bitmap_with_blob(&blob).unwrap()).await.unwrap();
    let made: ImageBitmap = made.unchecked_into();
    assert_eq!((made.width(), made.height()), (288, 288));
}

#[wasm_bindgen_test]
async fn a_file_that_is_no_picture_is_refused() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>".into();
    assert_eq!(square(&file(&svg, "image/svg+xml")).await.unwrap_err(), Unfit::NoPicture);
    assert_eq!(square(&file(&"words".into(), "image/png")).await.unwrap_err(), Unfit::NoPicture);
    let huge = js_sys::Uint8Array::new_with_length(33 * 1024 * 1024);
    assert_eq!(square(&file(&huge, "image/png")).await.unwrap_err(), Unfit::TooLarge);
}

#[wasm_bindgen_test]
async fn initials_stand_behind_a_picture_and_in_place_of_none() {
    let person = RwSignal::new(ana());
    let stand = mount(move || view! { <Avatar of=person /> });
    settle().await;
    assert_eq!(stand.root.text_content().as_deref(), Some("A"));
    assert!(stand.root.query_selector("img").unwrap().is_none());
    let picture = PictureId(Uuid::from_u128(5));
    person.set(UserSummary { picture: Some(picture), ..ana() });
    settle().await;
    let address = find(&stand.root, "img").get_attribute("src");
    assert_eq!(address, Some(format!("/api/pictures/{picture}")));
    assert_eq!(
        find(&stand.root, "img").get_attribute("alt").as_deref(),
        Some(""),
        "the name stands beside it"
    );
}
