//! Rebuilds the program when the front end was rebuilt: its files are embedded in the binary.

fn main() {
    println!("cargo:rerun-if-changed=dashboards/dist");
}
