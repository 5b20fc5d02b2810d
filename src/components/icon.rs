//! Icons: the strokes of Lucide (<https://lucide.dev>, ISC licence), only those that are used.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    Mic,
    MicOff,
    Video,
    VideoOff,
    Phone,
    PhoneMissed,
    ArrowLeft,
    Keyboard,
    ChevronUp,
    Send,
    Search,
    Link,
    Check,
    X,
    LogOut,
    TriangleAlert,
    WifiOff,
    MessageCircle,
    Clock,
    UserPlus,
    Pin,
    Grid,
    ChevronLeft,
    ChevronRight,
    Star,
    ScreenShare,
    Hand,
    Smile,
    Users,
    Ellipsis,
    PictureInPicture,
    SwitchCamera,
    Crown,
    Volume,
}

impl Glyph {
    /// All strokes as one path, in a square of 24.
    const fn path(self) -> &'static str {
        match self {
            Self::Mic => concat!(
                "M12 19v3M19 10v2a7 7 0 0 1-14 0v-2M12 2h0a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-0a3 3 0 0 ",
                "1-3-3v-7a3 3 0 0 1 3-3z",
            ),
            Self::MicOff => concat!(
                "M12 19v3M15 9.34V5a3 3 0 0 0-5.68-1.33M16.95 16.95A7 7 0 0 1 5 12v-2M18.89 13.23A7 7 ",
                "0 0 0 19 12v-2M2 2l20 20M9 9v3a3 3 0 0 0 5.12 2.12",
            ),
            Self::Video => concat!(
                "M16 13l5.223 3.482a.5.5 0 0 0 .777-.416V7.87a.5.5 0 0 0-.752-.432L16 10.5M4 6h10a2 2 ",
                "0 0 1 2 2v8a2 2 0 0 1-2 2h-10a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z",
            ),
            Self::VideoOff => concat!(
                "M10.66 6H14a2 2 0 0 1 2 2v2.5l5.248-3.062A.5.5 0 0 1 22 7.87v8.196M16 16a2 2 0 0 1-2 ",
                "2H4a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h2M2 2l20 20",
            ),
            Self::Phone => concat!(
                "M13.832 16.568a1 1 0 0 0 1.213-.303l.355-.465A2 2 0 0 1 17 15h3a2 2 0 0 1 2 2v3a2 2 ",
                "0 0 1-2 2A18 18 0 0 1 2 4a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3a2 2 0 0 1-.8 ",
                "1.6l-.468.351a1 1 0 0 0-.292 1.233 14 14 0 0 0 6.392 6.384",
            ),
            Self::PhoneMissed => concat!(
                "M16 2l6 6M22 2l-6 6M13.832 16.568a1 1 0 0 0 1.213-.303l.355-.465A2 2 0 0 1 17 15h3a2 ",
                "2 0 0 1 2 2v3a2 2 0 0 1-2 2A18 18 0 0 1 2 4a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3a2 2 0 0 ",
                "1-.8 1.6l-.468.351a1 1 0 0 0-.292 1.233 14 14 0 0 0 6.392 6.384",
            ),
            Self::ArrowLeft => "M12 19l-7-7 7-7M19 12H5",
            Self::Send => concat!(
                "M14.536 21.686a.5.5 0 0 0 .937-.024l6.5-19a.496.496 0 0 0-.635-.635l-19 6.5a.5.5 0 0 ",
                "0-.024.937l7.93 3.18a2 2 0 0 1 1.112 1.11zM21.854 2.147l-10.94 10.939",
            ),
            Self::Search => "M21 21l-4.34-4.34M19 11a8 8 0 1 1-16 0 8 8 0 0 1 16 0z",
            Self::Link => concat!(
                "M10 13a5 5 0 0 0 7.54.54l3-3a5 5 0 0 0-7.07-7.07l-1.72 1.71M14 11a5 5 0 0 ",
                "0-7.54-.54l-3 3a5 5 0 0 0 7.07 7.07l1.71-1.71",
            ),
            Self::Check => "M20 6L9 17l-5-5",
            Self::X => "M18 6L6 18M6 6l12 12",
            Self::LogOut => "M16 17l5-5-5-5M21 12H9M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4",
            Self::TriangleAlert => concat!(
                "M21.73 18l-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3M12 9v4M12 ",
                "17h.01",
            ),
            Self::WifiOff => concat!(
                "M12 20h.01M8.5 16.429a5 5 0 0 1 7 0M5 12.859a10 10 0 0 1 5.17-2.69M19 12.859a10 10 0 ",
                "0 0-2.007-1.523M2 8.82a15 15 0 0 1 4.177-2.643M22 8.82a15 15 0 0 0-11.288-3.764M2 ",
                "2l20 20",
            ),
            Self::MessageCircle => concat!(
                "M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 ",
                "0 0 1 1.099.092 10 10 0 1 0-4.777-4.719",
            ),
            Self::Clock => "M22 12a10 10 0 1 1-20 0 10 10 0 0 1 20 0zM12 6v6l4 2",
            Self::UserPlus => concat!(
                "M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2M13 7a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM19 8L19 ",
                "14M22 11L16 11",
            ),
            _ => self.path_in_room(),
        }
    }

    /// What only a live call shows.
    const fn path_in_room(self) -> &'static str {
        match self {
            Self::Pin => concat!(
                "M12 17v5M9 10.76a2 2 0 0 1-1.11 1.79l-1.78.9A2 2 0 0 0 5 15.24V16a1 1 0 0 0 1 1h12a1 1 0 0 0 ",
                "1-1v-.76a2 2 0 0 0-1.11-1.79l-1.78-.9A2 2 0 0 1 15 10.76V7a1 1 0 0 1 1-1 2 2 0 0 0 0-4H8a2 2 0 0 0 0 4 ",
                "1 1 0 0 1 1 1z",
            ),
            Self::Grid => concat!(
                "M4 3h5a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM15 3h5a1 1 0 0 1 1 ",
                "1v5a1 1 0 0 1-1 1h-5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM15 14h5a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-5a1 ",
                "1 0 0 1-1-1v-5a1 1 0 0 1 1-1zM4 14h5a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1z",
            ),
            Self::ChevronLeft => "M15 18l-6-6 6-6",
            Self::ChevronRight => "M9 18l6-6-6-6",
            Self::Keyboard => concat!(
                "M10 8h.01M12 12h.01M14 8h.01M16 12h.01M18 8h.01M6 8h.01M7 16h10M8 12h.01M4 4h16a2 2 0 0 1 2 2v12a2 2 ",
                "0 0 1-2 2h-16a2 2 0 0 1-2-2v-12a2 2 0 0 1 2-2z",
            ),
            Self::Star => concat!(
                "M11.525 2.295a.53.53 0 0 1 .95 0l2.31 4.679a2.123 2.123 0 0 0 1.595 1.16l5.166.756a.53.53 0 0 1 ",
                ".294.904l-3.736 3.638a2.123 2.123 0 0 0-.611 1.878l.882 5.14a.53.53 0 0 1-.771.56l-4.618-2.428a2.122 ",
                "2.122 0 0 0-1.973 0L6.396 21.01a.53.53 0 0 1-.77-.56l.881-5.139a2.122 2.122 0 0 0-.611-1.879L2.16 ",
                "9.795a.53.53 0 0 1 .294-.906l5.165-.755a2.122 2.122 0 0 0 1.597-1.16z",
            ),
            Self::ChevronUp => "M18 15l-6-6-6 6",
            Self::ScreenShare => {
                "M13 3H4a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-3M8 21h8M12 17v4M17 8l5-5M17 3h5v5"
            }
            Self::Hand => concat!(
                "M18 11V6a2 2 0 0 0-4 0M14 10V4a2 2 0 0 0-4 0v2M10 10.5V6a2 2 0 0 0-4 0v8M18 8a2 2 0 1 1 4 0v6a8 8 0 ",
                "0 1-8 8h-2c-2.8 0-4.5-.86-5.99-2.34l-3.6-3.6a2 2 0 0 1 2.83-2.82L7 15",
            ),
            Self::Smile => {
                "M22 12a10 10 0 1 1-20 0 10 10 0 0 1 20 0zM8 14s1.500 2 4 2 4-2 4-2M9 9h.01M15 9h.01"
            }
            Self::Users => concat!(
                "M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2M13 7a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM22 21v-2a4 4 0 0 0-3-3.870",
                "M16 3.130a4 4 0 0 1 0 7.750",
            ),
            Self::Ellipsis => "M12 12h.01M19 12h.01M5 12h.01",
            Self::PictureInPicture => concat!(
                "M21 9V6a2 2 0 0 0-2-2H4a2 2 0 0 0-2 2v10c0 1.100.9 2 2 2h4M14 13h6a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2h-6a2 2 ",
                "0 0 1-2-2v-3a2 2 0 0 1 2-2z",
            ),
            Self::SwitchCamera => concat!(
                "M11 19H4a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2h5M13 5h7a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-5M15 12a3 3 0 1 1-6 0 3 3 ",
                "0 0 1 6 0zM18 22l-3-3 3-3M6 2l3 3-3 3",
            ),
            Self::Crown => concat!(
                "M11.562 3.266a.5.5 0 0 1 .876 0L15.390 8.870a1 1 0 0 0 1.516.294L21.183 5.500a.5.5 0 0 1 .798.519l-2.834 ",
                "10.246a1 1 0 0 1-.956.734H5.810a1 1 0 0 1-.957-.734L2.020 6.020a.5.5 0 0 1 .798-.519l4.276 3.664a1 1 0 0 0 ",
                "1.516-.294zM5 21h14",
            ),
            Self::Volume => concat!(
                "M11 4.702a.705.705 0 0 0-1.203-.498L6.413 7.587A1.400 1.400 0 0 1 5.416 8H3a1 1 0 0 0-1 1v6a1 1 0 0 0 1 ",
                "1h2.416a1.400 1.400 0 0 1 .997.413l3.383 3.384A.705.705 0 0 0 11 19.298zM16 9a5 5 0 0 1 0 6",
            ),
            _ => "",
        }
    }
}

/// Decoration: whoever uses it says in words what it means.
#[component]
pub fn Icon(of: Glyph) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=of.path() />
        </svg>
    }
}
