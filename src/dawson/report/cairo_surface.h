// Pictures as Cairo's surfaces and back; only this room's drawing files include it.
#pragma once

#include <cairo.h>

#include <memory>

#include "dawson/report/picture.h"

namespace dawson::report {

struct SurfaceFree {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, SurfaceFree>;

Surface surface_of(const Picture& picture);
/// `surface` is an image of Cairo's RGB24 format.
Picture picture_of(cairo_surface_t* surface);

}  // namespace dawson::report
