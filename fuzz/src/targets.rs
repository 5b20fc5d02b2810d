//! The fuzz targets: the functions that read data of strangers. A target panics when an invariant does not
//! hold.

use axum::http::{HeaderMap, HeaderValue, header};
use parley_protocol::{
    Timestamp,
    data::DataMessage,
    limits::{CANDIDATE_MAX_BYTES, CANDIDATES_MAX, MESSAGE_MAX_CHARS, NAME_MAX_CHARS, PICTURE_MAX_SIDE},
    rest,
    signal::{Signal, SignalPayload},
    text,
};
use parley_server::{
    error::ApiError,
    http::{input, session},
    people::pictures,
    storage::{Cursor, PictureKind},
    ws,
};

/// A reader of foreign data, under the name of its corpus folder.
pub struct Target {
    pub name: &'static str,
    /// Reads the input and returns a description of the outcome that contains nothing of the input itself.
    pub run: fn(&[u8]) -> String,
}

pub const TARGETS: &[Target] = &[
    Target { name: "frames", run: frames },
    Target { name: "bodies", run: bodies },
    Target { name: "tokens", run: tokens },
    Target { name: "candidates", run: candidates },
    Target { name: "pictures", run: pictures },
];

fn frames(bytes: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(bytes) else { return "no text".to_owned() };
    match ws::read(text) {
        Ok(message) => {
            // A frame that was read can be written, and reading that gives the same frame.
            let said = serde_json::to_string(&message).expect("a message can be written");
            assert!(matches!(ws::read(&said), Ok(again) if again == message), "{said}");
            shape(&said)
        }
        Err(refusal) => refused(&refusal),
    }
}

fn bodies(bytes: &[u8]) -> String {
    macro_rules! read {
        ($($kind:ident)+) => {
            [$(match input::parse::<rest::$kind>(bytes) {
                Ok(_) => stringify!($kind).to_owned(),
                Err(refusal) => refused(&refusal),
            }),+].join(" ")
        };
    }
    if let Ok(wish) = input::parse::<rest::GuestSignIn>(bytes)
        && let Ok(name) = text::display_name(&wish.display_name)
    {
        assert!((1..=NAME_MAX_CHARS).contains(&name.chars().count()));
        assert_eq!(text::display_name(&name).as_ref(), Ok(&name), "a name that is clean stays as it is");
    }
    if let Ok(wish) = input::parse::<rest::NewMessage>(bytes)
        && let Ok(message) = text::message(&wish.text)
    {
        assert!((1..=MESSAGE_MAX_CHARS).contains(&message.chars().count()));
        assert_eq!(text::message(&message).as_ref(), Ok(&message), "a message that is clean stays as it is");
    }
    read!(GuestSignIn UpdateMe NewConversation UpdateConversation AddMembers UpdateMember NewGroupLink NewMessage
        StartCall AcceptCall ByDevice)
}

fn tokens(bytes: &[u8]) -> String {
    let mut ways = Vec::new();
    for name in [header::AUTHORIZATION, header::COOKIE] {
        let Ok(value) = HeaderValue::from_bytes(bytes) else { continue };
        let headers = HeaderMap::from_iter([(name, value)]);
        ways.push(session::token(&headers).map(|(token, by)| (token.len().min(3), format!("{by:?}"))));
    }
    let text = String::from_utf8_lossy(bytes);
    let cursor = text.parse::<Cursor>().ok();
    if let Some(cursor) = &cursor {
        assert!(cursor.to_string().parse::<Cursor>().is_ok(), "a cursor of ours is read again");
    }
    let time = text.parse::<Timestamp>().ok();
    if let Some(time) = time {
        assert_eq!(time.to_string().parse(), Ok(time), "a time is read again as it was");
    }
    format!("{ways:?} {} {}", cursor.is_some(), time.is_some())
}

fn candidates(bytes: &[u8]) -> String {
    let signal = input::parse::<Signal>(bytes);
    let between = input::parse::<DataMessage>(bytes).is_ok();
    match signal {
        Err(refusal) => format!("{} {between}", refused(&refusal)),
        Ok(signal) => {
            let fits = signal.check().is_ok();
            let Some(SignalPayload::Candidates { candidates }) = &signal.payload else {
                return format!(
                    "{} {fits}",
                    shape(&serde_json::to_string(&signal).expect("a signal can be written"))
                );
            };
            let small = candidates.iter().all(|one| one.candidate.len() <= CANDIDATE_MAX_BYTES);
            assert!(!fits || (candidates.len() <= CANDIDATES_MAX && small), "a signal beyond its limits");
            format!("candidates {} {fits}", candidates.len().min(3))
        }
    }
}

/// Compares the size that the server reads with the one that foreign decoders find in what it keeps, and in what
/// it was given.
fn pictures(bytes: &[u8]) -> String {
    let outcomes = [PictureKind::Jpeg, PictureKind::WebP].map(|kind| match pictures::read(kind, bytes) {
        Err(why) => why.to_owned(),
        Ok(picture) => {
            for file in [&picture.bytes[..], bytes] {
                if let Some(sides) = decoded(kind, file) {
                    assert!(sides.into_iter().all(|side| side <= PICTURE_MAX_SIDE), "{sides:?}");
                }
            }
            let again = pictures::read(kind, &picture.bytes).expect("a picture that was kept is taken again");
            assert_eq!(again.bytes, picture.bytes, "a copy is copied as it is");
            format!("kept {} of about {}", picture.bytes.len() / 64, bytes.len() / 64)
        }
    });
    outcomes.join(" / ")
}

/// Returns width and height as a decoder of the format finds them.
fn decoded(kind: PictureKind, bytes: &[u8]) -> Option<[u32; 2]> {
    match kind {
        PictureKind::Jpeg => {
            let mut decoder = zune_jpeg::JpegDecoder::new(std::io::Cursor::new(bytes));
            decoder.decode_headers().ok()?;
            let info = decoder.info()?;
            Some([info.width.into(), info.height.into()])
        }
        PictureKind::WebP => {
            let decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(bytes)).ok()?;
            let (width, height) = decoder.dimensions();
            Some([width, height])
        }
    }
}

/// Describes a refusal: its code, and the first plain words of its message. Words that may come from the
/// input are left out.
fn refused(refusal: &ApiError) -> String {
    let words =
        refusal.message.split(' ').filter(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
    let words: Vec<_> = words.filter(|word| word.len() < 20).take(6).collect();
    format!("{} {}", refusal.code, words.join(" "))
}

/// Describes a message by its `type` and the `kind` of its payload.
fn shape(json: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let tag = value["type"].as_str().unwrap_or_default().to_owned();
    let payload = value.pointer("/signal/payload/kind").or_else(|| value.pointer("/payload/kind"));
    format!("{tag} {}", payload.and_then(serde_json::Value::as_str).unwrap_or_default())
}
