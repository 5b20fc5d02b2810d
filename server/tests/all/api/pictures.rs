//! `/api/me/picture` and `/api/pictures/{id}`: a person's picture, shown wherever the person is.

use crate::support::{Database, Person, Reply, TestApp, on_both};
use axum::http::{Method, header};
use parley_protocol::{
    ErrorCode, PictureId, limits,
    people::{Conversation, Profile},
    rest::{CallAccess, ClientConfig, Users},
};

on_both!(a_picture_is_seen_wherever_its_person_is);

/// Returns a minimal WebP file whose header claims a square picture of this size; `room` is the least size of
/// its data.
fn webp(side: u16, room: usize) -> Vec<u8> {
    let [low, high] = side.to_le_bytes();
    let mut data = vec![0x30, 1, 0, 0x9d, 1, 0x2a, low, high, low, high];
    data.resize(room.max(data.len()), 0);
    let length = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    [b"RIFF".as_slice(), &length(12 + data.len()), b"WEBPVP8 ", &length(data.len()), &data].concat()
}

async fn put(person: &Person<'_>, kind: &str, bytes: Vec<u8>) -> Reply {
    person.send(Method::PUT, "/api/me/picture", Some(bytes), &[(header::CONTENT_TYPE, kind)]).await
}

async fn a_picture_is_seen_wherever_its_person_is(database: Database) {
    let test = TestApp::on(database, |_| {}).await;
    let (ana, ben, direct) = test.friends().await;
    let bytes = webp(256, 0);
    let me: Profile = put(&ana, "image/webp", bytes.clone()).await.ok();
    let picture = me.picture;
    assert!(picture.is_some());
    assert_eq!(ana.get("/api/config").await.ok::<ClientConfig>().me.unwrap().picture, picture);
    let of_ana = |conversation: &Conversation| {
        conversation.members.iter().find(|person| person.id == ana.id()).unwrap().picture
    };
    assert_eq!(of_ana(&ben.get(&format!("/api/conversations/{}", direct.id)).await.ok()), picture);
    assert_eq!(ben.get("/api/users?query=ana").await.ok::<Users>().items[0].picture, picture);
    let a = ana.device().await;
    let call = ana.try_start(direct.id, a.id).await.created::<CallAccess>().call;
    assert_eq!(call.participant(ana.id()).unwrap().user.picture, picture);

    let path = format!("/api/pictures/{}", picture.unwrap());
    let shown = test.get(&path).await;
    assert_eq!((shown.status.as_u16(), &shown.body[..]), (200, &bytes[..]), "no session is needed");
    assert_eq!(shown.header("content-type"), "image/webp");
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    assert!(shown.header("cache-control").contains("immutable"));
    let tag = shown.header("etag").to_owned();
    let again = ben.send(Method::GET, &path, None, &[(header::IF_NONE_MATCH, &tag)]).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));

    // The picture is replaced, and then removed.
    let other: Profile = put(&ana, "image/webp", webp(128, 0)).await.ok();
    assert!(other.picture.is_some() && other.picture != picture);
    test.get(&path).await.refused(404, ErrorCode::NotFound);
    let none: Profile = ana.delete("/api/me/picture").await.ok();
    assert_eq!(none.picture, None);
    let gone = format!("/api/pictures/{}", other.picture.unwrap());
    test.get(&gone).await.refused(404, ErrorCode::NotFound);
    assert_eq!(ben.get("/api/users?query=ana").await.ok::<Users>().items[0].picture, None);
}

#[tokio::test]
async fn a_file_that_is_no_small_picture_is_refused_and_changes_nothing() {
    let test = TestApp::new().await;
    let ana = test.guest("Ana").await;
    let before: Option<PictureId> = put(&ana, "image/webp", webp(9, 0)).await.ok::<Profile>().picture;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    let largest = limits::PICTURE_MAX_BYTES - 20;
    for (kind, bytes, status, code) in [
        ("image/svg+xml", svg.clone(), 415, ErrorCode::UnsupportedMediaType),
        ("text/html", svg.clone(), 415, ErrorCode::UnsupportedMediaType),
        ("application/json", webp(9, 0), 415, ErrorCode::UnsupportedMediaType),
        ("image/png", webp(9, 0), 415, ErrorCode::UnsupportedMediaType),
        ("image/webp", svg, 422, ErrorCode::InvalidInput),
        ("image/jpeg", webp(9, 0), 422, ErrorCode::InvalidInput),
        ("image/webp", Vec::new(), 422, ErrorCode::InvalidInput),
        ("image/webp", webp(513, 0), 422, ErrorCode::InvalidInput),
        ("image/webp", webp(9, largest + 1), 413, ErrorCode::TooLarge),
    ] {
        put(&ana, kind, bytes).await.refused(status, code);
    }
    assert_eq!(ana.get("/api/me").await.ok::<Profile>().picture, before);
    put(&ana, "image/webp", webp(512, largest)).await.ok::<Profile>();
}
