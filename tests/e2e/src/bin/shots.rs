//! A program that takes screenshots of every screen in every state, on desktop and phone, light and dark.
//!
//! `shots FOLDER`, or `shots FOLDER styleguide` for a build of the page that has the styleguide.

use anyhow::{Context, Result};
use parley_e2e::{
    User, World,
    server::Settings,
    tour::{self, Visitor},
    view,
};
use std::{env, fs, path::PathBuf};

const VIEWS: [view::View; 4] = [view::DESK_LIGHT, view::DESK_DARK, view::PHONE_LIGHT, view::PHONE_DARK];

struct Photographer {
    folder: PathBuf,
    taken: usize,
}

impl Visitor for Photographer {
    async fn look(&mut self, user: &User, place: &str) -> Result<()> {
        for view in VIEWS {
            user.look(view).await?;
            let file = self.folder.join(format!("{place}-{}.png", view.name));
            fs::write(file, user.screenshot().await?)?;
            self.taken += 1;
        }
        println!("{place}");
        // The tour goes on in the desktop view, which shows all of the page.
        user.look(view::DESK_LIGHT).await
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let mut args = env::args().skip(1);
    let folder = PathBuf::from(args.next().context("where to?")?);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut photographer = Photographer { folder, taken: 0 };
    if args.next().as_deref() == Some("styleguide") {
        in_a_world(async |world| tour::styleguide(world, &mut photographer).await).await?;
    } else {
        in_a_world(async |world| tour::around(world, &mut photographer).await).await?;
        in_a_world(async |world| tour::settings(world, &mut photographer).await).await?;
        in_a_world(async |world| tour::call(world, &mut photographer).await).await?;
        in_a_world(async |world| tour::group(world, &mut photographer).await).await?;
    }
    println!("{} pictures in {}", photographer.taken, photographer.folder.display());
    Ok(())
}

async fn in_a_world(walk: impl AsyncFnOnce(&World) -> Result<()>) -> Result<()> {
    let world = World::new("shots", Some(Settings::default())).await?;
    let told = walk(&world).await;
    world.end().await;
    told
}
