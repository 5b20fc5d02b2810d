//! Scripts of rooms and their tiles, and properties that hold for every room.

use super::*;
use crate::testing::device;
use proptest::prelude::*;

const DESK: Size = Size { width: 1_280, height: 640 };
const PHONE: Size = Size { width: 360, height: 560 };
const OWN: u32 = 99;

fn room(size: Size, others: &[u32]) -> RoomLayout {
    let mut room = RoomLayout::new(device(OWN));
    room.handle(Input::Size(size));
    room.handle(others_are(others, &[]));
    room
}

fn others_are(others: &[u32], sharing: &[u32]) -> Input {
    let present = |n: &u32| Present { device: device(*n), shares_screen: sharing.contains(n) };
    Input::Others(others.iter().map(present).collect())
}

fn number(id: DeviceId) -> u32 {
    (0..100).find(|n| device(*n) == id).unwrap_or(u32::MAX)
}

/// Formats the tiles in short: "s" is a screen, "!" the stage, "." the corner.
fn tiles(room: &RoomLayout) -> Vec<String> {
    let short = |placed: &Placed| {
        let screen = if placed.tile.source == Source::Screen { "s" } else { "" };
        let slot = match placed.slot {
            TileSlot::Stage => "!",
            TileSlot::Corner => ".",
            TileSlot::Grid | TileSlot::Strip => "",
        };
        format!("{screen}{}{slot}", number(placed.tile.device))
    };
    room.layout().tiles.iter().map(short).collect()
}

#[test]
fn one_other_fills_the_room() {
    let mut room = room(DESK, &[1]);
    assert_eq!(tiles(&room), ["1!", "99."]);
    let corner = |room: &RoomLayout| room.layout().tiles[1].rect;
    assert_eq!(corner(&room), Rect { x: 1_012, y: 484, width: 256, height: 144 });
    for (x, y, left, top) in
        [(10, 10, true, true), (1_000, 10, false, true), (10, 600, true, false), (640, 320, false, false)]
    {
        room.handle(Input::Drop { x, y });
        let rect = corner(&room);
        assert_eq!((rect.x == 12, rect.y == 12), (left, top), "{x} {y}");
    }
    room.handle(Input::Pin(Some(TileId::camera(device(OWN)))));
    assert_eq!(tiles(&room), ["99!", "1."]);
    room.handle(Input::Size(PHONE));
    let rect = corner(&room);
    assert!(rect.height > rect.width, "upright on a phone: {rect:?}");
}

#[test]
fn a_share_of_the_only_other_is_not_hidden_by_a_pin_bug() {
    let mut room = room(DESK, &[1]);
    room.handle(Input::Pin(Some(TileId::camera(device(OWN)))));
    room.handle(others_are(&[1], &[1]));
    assert_eq!(tiles(&room), ["99!", "s1", "1"]);
}

#[test]
fn the_view_is_for_more_than_two() {
    let mut room = room(DESK, &[1]);
    room.handle(Input::View(View::Speaker));
    assert_eq!(tiles(&room), ["1!", "99."]);
    room.handle(others_are(&[1, 2], &[]));
    assert_eq!(tiles(&room), ["1!", "2", "99"]);
    room.handle(Input::View(View::Grid));
    assert_eq!(tiles(&room), ["1", "2", "99"]);
    room.handle(others_are(&[], &[]));
    assert_eq!(tiles(&room), ["99"]);
}

#[test]
fn a_share_takes_the_stage_and_gives_it_back() {
    let mut room = room(DESK, &[1, 2]);
    room.handle(others_are(&[1, 2], &[2]));
    assert_eq!(tiles(&room), ["s2!", "1", "2", "99"]);
    room.handle(others_are(&[1, 2], &[1, 2]));
    assert_eq!(tiles(&room), ["s1!", "s2", "1", "2", "99"], "the latest");
    room.handle(others_are(&[1, 2], &[2]));
    assert_eq!(tiles(&room), ["s2!", "1", "2", "99"]);
    room.handle(others_are(&[1, 2], &[]));
    assert_eq!(tiles(&room), ["1", "2", "99"]);
    room.handle(others_are(&[1], &[1]));
    assert_eq!(tiles(&room), ["s1!", "1", "99"]);
    room.handle(others_are(&[1], &[]));
    assert_eq!(tiles(&room), ["1!", "99."]);
}

#[test]
fn three_small_pictures_fit_under_a_screen_on_a_phone() {
    let mut room = room(PHONE, &[1, 2, 3]);
    room.handle(others_are(&[1, 2, 3], &[1]));
    let layout = room.layout();
    assert_eq!((layout.pages, tiles(&room)), (2, ["s1!", "1", "2", "3"].map(String::from).to_vec()));
    assert!(layout.tiles[1..].iter().all(|tile| tile.rect.height > 80), "{layout:?}");
}

#[test]
fn own_pin_over_spotlight_over_share_over_speaker() {
    let mut room = room(DESK, &[1, 2, 3, 4]);
    let stage = |room: &RoomLayout| tiles(room)[0].clone();
    room.handle(Input::View(View::Speaker));
    room.handle(Input::Main(Some(device(4))));
    assert_eq!(stage(&room), "4!");
    room.handle(Input::Main(None));
    room.handle(Input::Main(Some(device(OWN))));
    assert_eq!(stage(&room), "4!", "silence and the own voice send nobody away");
    room.handle(others_are(&[1, 2, 3, 4], &[3]));
    assert_eq!(stage(&room), "s3!");
    room.handle(Input::Spotlight(Some(device(2))));
    assert_eq!(stage(&room), "2!");
    room.handle(Input::Pin(Some(TileId::camera(device(1)))));
    assert_eq!(stage(&room), "1!");
    room.handle(others_are(&[2, 3, 4], &[3]));
    assert_eq!(stage(&room), "2!", "who has left is not on a stage");
    room.handle(Input::Spotlight(None));
    assert_eq!(stage(&room), "s3!");
}

#[test]
fn a_pinned_share_that_begins_anew_is_not_pinned() {
    let mut room = room(DESK, &[1, 2]);
    room.handle(others_are(&[1, 2], &[1]));
    room.handle(Input::Pin(Some(TileId::screen(device(1)))));
    room.handle(others_are(&[1, 2], &[1, 2]));
    assert_eq!(tiles(&room)[0], "s1!");
    room.handle(others_are(&[1, 2], &[2]));
    room.handle(others_are(&[1, 2], &[1, 2]));
    room.handle(others_are(&[1, 2], &[2]));
    assert_eq!(tiles(&room)[0], "s2!");
}

fn crowd(size: Size) -> (RoomLayout, usize) {
    let everyone: Vec<u32> = (1..=30).collect();
    let room = room(size, &everyone);
    let per_page = room.layout().per_page;
    (room, per_page)
}

#[test]
fn a_speaker_out_of_sight_takes_the_place_of_the_quietest_and_nobody_else_moves() {
    let (mut room, per_page) = crowd(PHONE);
    assert_eq!(per_page, 8);
    room.handle(Input::Promoted(device(8)));
    assert_eq!(tiles(&room), ["1", "2", "3", "4", "5", "6", "7", "8"], "who is seen stays");
    room.handle(Input::Promoted(device(20)));
    assert_eq!(tiles(&room), ["1", "2", "3", "4", "5", "6", "20", "8"]);
    room.handle(Input::Page(2));
    assert_eq!(tiles(&room), ["17", "18", "19", "7", "21", "22", "23", "24"]);
    room.handle(Input::Promoted(device(20)));
    assert_eq!(
        tiles(&room),
        ["17", "18", "19", "7", "21", "22", "23", "20"],
        "into the page that is looked at"
    );
}

#[test]
fn a_person_who_leaves_is_replaced_from_the_last_page() {
    let (mut room, _) = crowd(PHONE);
    let without = |gone: &[u32]| -> Vec<u32> { (1..=30).filter(|n| !gone.contains(n)).collect() };
    room.handle(others_are(&without(&[3]), &[]));
    assert_eq!(tiles(&room), ["1", "2", "30", "4", "5", "6", "7", "8"]);
    room.handle(others_are(&without(&[3, 29, 1]), &[]));
    assert_eq!(tiles(&room), ["28", "2", "30", "4", "5", "6", "7", "8"]);
    room.handle(others_are(&[2, 4, 5], &[]));
    assert_eq!(tiles(&room), ["2", "4", "5", "99"], "on one page, in order");
}

#[test]
fn a_page_that_is_gone_is_not_looked_at() {
    let (mut room, _) = crowd(PHONE);
    room.handle(Input::Page(77));
    assert_eq!((room.layout().page, room.layout().pages), (3, 4));
    room.handle(others_are(&[1, 2, 3], &[]));
    assert_eq!(room.layout().page, 0);
    room.handle(others_are(&(1..=30).collect::<Vec<_>>(), &[]));
    assert_eq!(room.layout().page, 0);
}

#[test]
fn a_room_reports_the_sizes_of_the_others() {
    let mut phone = room(PHONE, &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
    let camera = |n: u32| TileId::camera(device(n));
    assert_eq!(phone.layout().shown(camera(1), 100), Shown::Small);
    assert_eq!(phone.layout().shown(camera(1), 300), Shown::Medium);
    assert_eq!(phone.layout().shown(camera(9), 100), Shown::Hidden);
    phone.handle(Input::Pin(Some(camera(9))));
    assert_eq!(phone.layout().shown(camera(9), 100), Shown::Large);
    let mut desk = room(DESK, &[1, 2]);
    assert_eq!(desk.layout().shown(camera(1), 100), Shown::Medium);
    desk.handle(others_are(&[1, 2], &[2]));
    let shown = desk.shown(100);
    assert_eq!(
        shown,
        [(camera(1), Shown::Small), (camera(2), Shown::Small), (TileId::screen(device(2)), Shown::Large),]
    );
}

#[test]
fn the_last_row_stands_in_the_middle() {
    let tiles = room(Size { width: 1_000, height: 700 }, &[1, 2, 3, 4]).layout().tiles;
    let last = tiles[4].rect;
    assert!(last.y > tiles[3].rect.y, "alone in its row");
    assert!((2 * last.x + last.width).abs_diff(1_000) <= 1, "{tiles:?}");
}

#[test]
fn a_desk_and_a_phone_hold_what_a_mesh_has_on_one_page() {
    for size in [DESK, PHONE, Size { width: 360, height: 520 }, Size { width: 800, height: 600 }] {
        let layout = room(size, &[1, 2, 3, 4, 5, 6, 7]).layout();
        assert_eq!((layout.pages, layout.tiles.len()), (1, 8), "{size:?}");
    }
}

fn sizes() -> impl Strategy<Value = Size> {
    prop_oneof![
        (0_u32..60, 0_u32..60),
        (200_u32..1_000, 200_u32..1_000),
        (300_u32..4_000, 300_u32..2_500),
        Just((u32::MAX, u32::MAX)),
    ]
    .prop_map(|(width, height)| Size { width, height })
}

fn inputs() -> impl Strategy<Value = Input> {
    let tile = || {
        (0_u32..14, any::<bool>()).prop_map(|(n, screen)| {
            let device = device(if n == 13 { OWN } else { n });
            if screen { TileId::screen(device) } else { TileId::camera(device) }
        })
    };
    let who = || (0_u32..14).prop_map(device);
    prop_oneof![
        3 => proptest::collection::btree_map(0_u32..40, proptest::bool::weighted(0.1), 0..40).prop_map(|people| {
            let present = |(n, shares_screen)| Present { device: device(n), shares_screen };
            Input::Others(people.into_iter().map(present).collect())
        }),
        2 => sizes().prop_map(Input::Size),
        1 => prop_oneof![Just(View::Grid), Just(View::Speaker)].prop_map(Input::View),
        1 => proptest::option::of(tile()).prop_map(Input::Pin),
        1 => proptest::option::of(who()).prop_map(Input::Spotlight),
        3 => who().prop_map(Input::Promoted),
        2 => proptest::option::of(who()).prop_map(Input::Main),
        2 => (0_usize..6).prop_map(Input::Page),
        1 => (0_u32..3_000, 0_u32..3_000).prop_map(|(x, y)| Input::Drop { x, y }),
    ]
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

proptest! {
    #[test]
    fn tiles_are_inside_and_never_overlap(script in proptest::collection::vec(inputs(), 1..25)) {
        let mut room = RoomLayout::new(device(OWN));
        for input in script {
            room.handle(input);
            let layout = room.layout();
            let size = room.size.bounded();
            for (at, placed) in layout.tiles.iter().enumerate() {
                let rect = placed.rect;
                prop_assert!(rect.x + rect.width <= size.width, "{rect:?} in {size:?}");
                prop_assert!(rect.y + rect.height <= size.height, "{rect:?} in {size:?}");
                for other in &layout.tiles[at + 1..] {
                    let over = placed.slot == TileSlot::Corner || other.slot == TileSlot::Corner;
                    prop_assert!(over || !overlap(rect, other.rect), "{placed:?} {other:?} in {size:?}");
                }
            }
        }
    }

    #[test]
    fn every_tile_is_on_exactly_one_page(script in proptest::collection::vec(inputs(), 1..25)) {
        let mut room = RoomLayout::new(device(OWN));
        let mut others: Vec<Present> = Vec::new();
        for input in script {
            if let Input::Others(now) = &input {
                others.clone_from(now);
            }
            room.handle(input);
            let mut expected: Vec<TileId> = others.iter().map(|other| TileId::camera(other.device)).collect();
            expected.push(TileId::camera(device(OWN)));
            let sharing = others.iter().filter(|other| other.shares_screen);
            expected.extend(sharing.map(|other| TileId::screen(other.device)));
            let mut seen: Vec<TileId> = Vec::new();
            for page in 0..room.layout().pages {
                let mut looked = room.clone();
                looked.handle(Input::Page(page));
                let layout = looked.layout();
                prop_assert_eq!(layout.page, page);
                // The stage keeps its tile on every page.
                let here = layout.tiles.iter().filter(|placed| page == 0 || placed.slot != TileSlot::Stage);
                seen.extend(here.map(|placed| placed.tile));
            }
            expected.sort_unstable();
            seen.sort_unstable();
            prop_assert_eq!(seen, expected);
        }
    }

    #[test]
    fn a_promotion_moves_at_most_one_visible_tile(
        script in proptest::collection::vec(inputs(), 1..25), n in 0_u32..40,
    ) {
        let mut room = RoomLayout::new(device(OWN));
        for input in script {
            room.handle(input);
        }
        let before = room.layout();
        room.handle(Input::Promoted(device(n)));
        let after = room.layout();
        let moved: Vec<_> = before.tiles.iter().filter(|placed| !after.tiles.contains(placed)).collect();
        prop_assert!(moved.len() <= 1);
        let was_seen = before.shows(TileId::camera(device(n)));
        prop_assert!(!was_seen || moved.is_empty());
    }

    #[test]
    fn a_leave_from_a_full_page_moves_nobody_else_on_it(people in 10_u32..40, gone in 0_u32..40) {
        let everyone: Vec<u32> = (0..people).collect();
        let mut room = room(PHONE, &everyone);
        let before = room.layout();
        let staying: Vec<u32> = everyone.iter().copied().filter(|n| *n != gone).collect();
        room.handle(others_are(&staying, &[]));
        let moved = before.tiles.iter().filter(|placed| !room.layout().tiles.contains(placed)).count();
        prop_assert!(moved <= 1);
    }

    #[test]
    fn no_other_rows_and_columns_give_larger_tiles(count in 1_u32..16, width in 300_u32..3_000, height in 300_u32..2_000) {
        let size = Size { width, height };
        let tile = geometry::grid(count, size)[0];
        prop_assert!((tile.width * 9).abs_diff(tile.height * 16) <= 16, "16:9");
        for columns in 1..=count {
            let rows = count.div_ceil(columns);
            let gap = f64::from(size.gap());
            let wide = (f64::from(width) - gap * f64::from(columns - 1)) / f64::from(columns);
            let high = (f64::from(height) - gap * f64::from(rows - 1)) / f64::from(rows);
            let best = wide.min(high * 16.0 / 9.0);
            prop_assert!(f64::from(tile.width) + 3.0 >= best, "{columns} columns: {best} over {tile:?}");
        }
    }
}
