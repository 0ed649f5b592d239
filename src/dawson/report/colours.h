// The report's few colours. Private to this room.
#pragma once

#include "dawson/report/canvas.h"

namespace dawson::report::colours {

// Marks on the scan: Okabe and Ito's palette (2008), told apart by the colour-blind too.
inline constexpr Colour lesion{0.90, 0.62, 0.00};  // orange
inline constexpr Colour found{0.00, 0.72, 0.52};   // bluish green, a little lighter for dark ground
inline constexpr Colour missed{0.34, 0.71, 0.91};  // sky blue
inline constexpr Colour spurious{0.90, 0.42, 0.10};  // vermilion
inline constexpr Colour neighbour{0.95, 0.85, 0.55};         // pale orange
inline constexpr Colour high_confidence{0.34, 0.91, 0.97};  // cyan: inferno has none of it

// Relevance, on dark ground: against and for a decision.
inline constexpr Colour relevance_against{0.30, 0.62, 1.00};
inline constexpr Colour relevance_for{1.00, 0.62, 0.10};

// Dark ground of pictures.
inline constexpr Colour dark{0.035, 0.04, 0.05};
inline constexpr Colour light_text{0.76, 0.78, 0.81};
inline constexpr Colour bright_text{0.96, 0.97, 0.98};

// The page.
inline constexpr Colour ink{0.10, 0.12, 0.15};
inline constexpr Colour quiet{0.40, 0.43, 0.48};
inline constexpr Colour hairline{0.84, 0.86, 0.89};
inline constexpr Colour wash{0.955, 0.962, 0.970};
inline constexpr Colour accent{0.04, 0.36, 0.47};  // deep teal: the one accent
inline constexpr Colour accent_wash{0.90, 0.945, 0.955};
inline constexpr Colour caution_wash{0.995, 0.965, 0.895};
inline constexpr Colour white{1, 1, 1};

// Groups in charts: Okabe and Ito (2008), in the order of their use on white.
inline constexpr Colour series_blue{0.00, 0.45, 0.70};
inline constexpr Colour series_vermilion{0.84, 0.37, 0.00};
inline constexpr Colour series_green{0.00, 0.62, 0.45};
inline constexpr Colour series_purple{0.80, 0.47, 0.65};
inline constexpr Colour series_orange{0.90, 0.62, 0.00};
inline constexpr Colour series_sky{0.34, 0.71, 0.91};

}  // namespace dawson::report::colours
