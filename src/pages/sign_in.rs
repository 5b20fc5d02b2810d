//! The first page: what Parley is, and the name that is all it takes.

use crate::components::{
    brand::{Brand, BrandMark},
    sign_in_form::SignInForm,
};
use leptos::prelude::*;

#[component]
pub fn SignInPage() -> impl IntoView {
    view! {
        <main class="welcome">
            <div class="welcome-art">
                <BrandMark />
            </div>
            <div class="welcome-card">
                <Brand />
                <h1>"Talk face to face, on a server of your own."</h1>
                <p class="welcome-lead">
                    "Audio and video go straight from you to the other person. No account, no download."
                </p>
                <SignInForm />
            </div>
        </main>
    }
}
