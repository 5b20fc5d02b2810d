//! The sounds of calls as WAV files that browsers can read.

use js_sys::{Array, Promise, Uint8Array};
use parley_core::{alert::Ringtone, sound::wav};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Blob, BlobPropertyBag, HtmlAudioElement, Url};

#[wasm_bindgen_test]
async fn a_browser_knows_how_long_each_ring_is() {
    for ringtone in Ringtone::ALL {
        let notes = ringtone.sound().notes;
        let kind = BlobPropertyBag::new();
        kind.set_type("audio/wav");
        let parts = Array::of1(&Uint8Array::from(wav(notes).as_slice()));
        let file = Blob::new_with_u8_array_sequence_and_options(&parts, &kind).unwrap();
        let element =
            HtmlAudioElement::new_with_src(&Url::create_object_url_with_blob(&file).unwrap()).unwrap();
        let read = Promise::new(&mut |known, refused| {
            element.set_onloadedmetadata(Some(&known));
            element.set_onerror(Some(&refused));
        });
        JsFuture::from(read).await.expect("it can be read");
        let ms = notes.iter().map(|note| note.from_ms + note.length_ms).max().unwrap();
        let heard = element.duration() * 1_000.0;
        assert!((heard - f64::from(ms)).abs() < 1.0, "{heard} ms instead of {ms}");
    }
}
