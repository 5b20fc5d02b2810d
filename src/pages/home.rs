//! The right side while no conversation is open: how Parley works, in three steps.

use crate::components::{
    brand::BrandMark,
    icon::{Glyph, Icon},
};
use leptos::prelude::*;

#[component]
pub fn HomePage() -> impl IntoView {
    view! {
        <section class="home" aria-labelledby="home-heading">
            <BrandMark />
            <h2 id="home-heading">"Who would you like to talk to?"</h2>
            <ol class="home-steps">
                <Step of=Glyph::Search title="Find them">
                    "Type a name on the left. Everyone on this server can be found."
                </Step>
                <Step of=Glyph::Link title="Or invite them">
                    "Copy your invite link and send it. They need a name, nothing else."
                </Step>
                <Step of=Glyph::Video title="Call">
                    "Once they accept, write, or ring them with one click."
                </Step>
            </ol>
        </section>
    }
}

#[component]
fn Step(of: Glyph, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <li>
            <span class="home-step-icon">
                <Icon of />
            </span>
            <h3>{title}</h3>
            <p>{children()}</p>
        </li>
    }
}
