#include "dawson/report/chart.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "dawson/report/colours.h"
#include "painted.h"
#include "well_formed.h"

namespace dawson::report::chart {
namespace {

using made::close_to;
using made::Painted;
using made::painted;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr Colour blue = colours::series_blue;
constexpr Colour vermilion = colours::series_vermilion;

std::vector<std::string> labels_of(const Axis& axis, std::size_t most) {
  std::vector<std::string> labels;
  for (const Tick& tick : ticks_of(axis, most)) labels.push_back(tick.label);
  return labels;
}

Axis axis(double from, double to, Scale scale = Scale::linear) {
  Axis a;
  a.from = from;
  a.to = to;
  a.scale = scale;
  return a;
}

Chart bare_chart() {
  Chart chart;
  chart.title = "Dice";
  chart.x = axis(0, 10);
  chart.y = axis(0, 1);
  for (Axis* a : {&chart.x, &chart.y}) {
    a->grid = false;
    a->line = false;
  }
  return chart;
}

/// Where picture_of draws the plot, in pixels: two for each unit, eight units of margin.
Frame frame_in_picture(const Chart& chart) {
  const Canvas space = Canvas::for_picture(1, 1, colours::white, 2);
  const double width = chart.width - 16;
  const double height = std::ceil(height_of(chart, width, space));
  Frame frame = frame_of(chart, {8, 8, width, height}, space);
  frame.plot = {2 * frame.plot.x, 2 * frame.plot.y, 2 * frame.plot.width, 2 * frame.plot.height};
  return frame;
}

TEST(ChartAxis, TicksStandAtRoundValues) {
  EXPECT_EQ(labels_of(axis(0, 1), 6),
            (std::vector<std::string>{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
  EXPECT_EQ(labels_of(axis(-1.2, 0.9), 5),
            (std::vector<std::string>{"−1.0", "−0.5", "0.0", "0.5"}));
  EXPECT_EQ(labels_of(axis(0, 1000), 3), (std::vector<std::string>{"0", "500", "1000"}));
  EXPECT_EQ(labels_of(axis(0.1, 1000, Scale::logarithmic), 7),
            (std::vector<std::string>{"0.1", "1", "10", "100", "1000"}));
  EXPECT_EQ(labels_of(axis(2, 100, Scale::logarithmic), 7),
            (std::vector<std::string>{"2", "5", "10", "20", "50", "100"}));
  EXPECT_EQ(labels_of(axis(1e-5, 1e-2, Scale::logarithmic), 7),
            (std::vector<std::string>{"10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²"}));
}

TEST(ChartAxis, TicksAreNeverMoreThanAskedForAndLieWithinTheAxis) {
  for (const double to : {0.003, 0.07, 0.9, 1.04, 3.7, 19.0, 222.0, 98765.0}) {
    for (const std::size_t most : {2U, 3U, 5U, 9U}) {
      for (const Axis& a : {axis(-0.4 * to, to), axis(to / 3000, to, Scale::logarithmic)}) {
        const std::vector<Tick> ticks = ticks_of(a, most);
        EXPECT_LE(ticks.size(), most) << to;
        EXPECT_GE(ticks.size(), 1U) << to;
        for (const Tick& tick : ticks) {
          EXPECT_GE(share_of(a, tick.value), -1e-9);
          EXPECT_LE(share_of(a, tick.value), 1 + 1e-9);
        }
      }
    }
  }
}

TEST(ChartAxis, DecadesAreEquallyFarApart) {
  const Axis a = axis(0.1, 100, Scale::logarithmic);
  EXPECT_DOUBLE_EQ(share_of(a, 0.1), 0);
  EXPECT_NEAR(share_of(a, 1), 1.0 / 3, 1e-12);
  EXPECT_DOUBLE_EQ(share_of(a, 100), 1);
  EXPECT_TRUE(std::isnan(share_of(a, 0)));
}

TEST(ChartAxis, ZeroHasAPlaceOfItsOwnLeftOfTheLeastLoad) {
  const Axis a = axis_around("ml", {0, 0.4, 30, nan}, Scale::logarithmic);
  EXPECT_TRUE(a.has_zero);
  EXPECT_LT(share_of(a, 0), zero_break_share());
  EXPECT_GT(share_of(a, 0), 0);
  EXPECT_GT(share_of(a, a.from), zero_break_share());
  EXPECT_LE(a.from, 0.4);
  EXPECT_GE(a.to, 30);
  EXPECT_EQ(ticks_of(a, 6).front().label, "0");
  EXPECT_FALSE(axis_around("ml", {0.4, 30}, Scale::logarithmic).has_zero);
}

TEST(ChartAxis, OneValueOrNoneStillGivesAnAxis) {
  for (const Scale scale : {Scale::linear, Scale::logarithmic}) {
    for (const std::vector<double>& values : {std::vector<double>{}, {nan}, {5}}) {
      const Axis a = axis_around("", values, scale);
      EXPECT_LT(a.from, a.to);
      EXPECT_GE(ticks_of(a, 5).size(), 2U);
    }
  }
}

TEST(Chart, AMarkLandsWhereItsValueLies) {
  Chart chart = bare_chart();
  chart.elements = {Marks{{{7.5, 0.25}}, Mark::disc, blue, 8}};
  const Picture picture = picture_of(chart);
  const Frame frame = frame_in_picture(chart);
  const Painted mark = painted(picture, close_to(blue));
  EXPECT_NEAR(mark.mean_x + 0.5, frame.plot.x + 0.75 * frame.plot.width, 0.5);
  EXPECT_NEAR(mark.mean_y + 0.5, frame.plot.y + 0.75 * frame.plot.height, 0.5);
  EXPECT_NEAR(mark.right - mark.left + 1, 16, 1.01);
}

TEST(Chart, ItsPlotHasTheHeightThatWasAskedForWhateverStandsAboveIt) {
  Chart chart = bare_chart();
  chart.plot_height = 150;
  EXPECT_NEAR(frame_in_picture(chart).plot.height, 300, 2);
  chart.subtitle = std::string(150, 'n') + " " + std::string(60, 'm');
  chart.key = {{"one", look_of(0)}, {std::string(50, 'w'), look_of(1)}, {"three", look_of(2)}};
  EXPECT_NEAR(frame_in_picture(chart).plot.height, 300, 2);
}

TEST(Chart, ABandContainsItsLineAndReachesNoFurther) {
  Chart chart = bare_chart();
  Colour pale = vermilion;
  pale.opacity = 0.3;
  chart.elements = {Band{{0, 5, 10}, {0.4, 0.4, 0.4}, {0.6, 0.6, 0.6}, pale},
                    Line{{{0, 0.5}, {10, 0.5}}, vermilion, 2, {}}};
  const Picture picture = picture_of(chart);
  const Frame frame = frame_in_picture(chart);
  const auto at = [&](double x, double y) {
    const Point p = frame.place(x, y);
    return picture.pixel(static_cast<int>(p.x), static_cast<int>(p.y));
  };
  EXPECT_TRUE(close_to(vermilion)(at(3, 0.5)[0], at(3, 0.5)[1], at(3, 0.5)[2]));
  for (const double y : {0.42, 0.58}) {
    EXPECT_LT(at(3, y)[2], 200) << y;  // tinted
    EXPECT_GT(at(3, y)[2], 100) << y;
  }
  for (const double y : {0.38, 0.62}) EXPECT_EQ(at(3, y)[2], 255) << y;
}

TEST(Chart, LinesAreBrokenAtValuesThatAreNotThere) {
  Chart chart = bare_chart();
  chart.elements = {Line{{{0, 0.5}, {4, 0.5}, {5, nan}, {6, 0.5}, {10, 0.5}}, blue, 2, {}}};
  const Picture picture = picture_of(chart);
  const Frame frame = frame_in_picture(chart);
  const auto drawn = [&](double x) {
    const Point p = frame.place(x, 0.5);
    const std::uint8_t* rgb = picture.pixel(static_cast<int>(p.x), static_cast<int>(p.y));
    return close_to(blue)(rgb[0], rgb[1], rgb[2]);
  };
  EXPECT_TRUE(drawn(2));
  EXPECT_FALSE(drawn(5));
  EXPECT_TRUE(drawn(8));
}

TEST(Chart, WhatIsNotFiniteIsNotDrawn) {
  const double infinity = std::numeric_limits<double>::infinity();
  Chart with = bare_chart();
  with.elements = {Marks{{{nan, 0.5}, {3, nan}}, Mark::square, blue, 8},
                   ErrorBar{2, nan, 0.5, false, blue}, Guide{nan, false, true, blue},
                   Line{{{0, nan}, {1, nan}}, blue, 2, {}},
                   Band{{0, 1}, {nan, nan}, {1, infinity * 0}, blue}};
  EXPECT_EQ(picture_of(with).rgb, picture_of(bare_chart()).rgb);
}

TEST(Chart, NoWordsStandOnThePlot) {
  Chart chart = bare_chart();
  chart.title = "A title that is so long that it needs a second line, and then more than that too";
  chart.subtitle =
      "13 patients, 15 scans. A caption that takes two lines at least, it may be three.";
  chart.key = {
      {"one-site", look_of(0)}, {"another-site-of-long-name", look_of(1)}, {"c", look_of(2)}};
  chart.x = axis_around("Lesion volume of the reference (ml)", {0, 0.1, 900}, Scale::logarithmic);
  chart.y = axis(-4000, 10000);
  chart.y.title = "Difference (ml)";
  chart.x.grid = chart.y.grid = chart.y.line = chart.x.line = false;
  chart.edge_labels = {{100, "bias −0.3", colours::ink}, {110, "upper", colours::ink}};
  const Picture picture = picture_of(chart);
  const Box plot = frame_in_picture(chart).plot;
  // The break of the axis for zero stands on its line, eight pixels into the plot.
  for (int y = static_cast<int>(plot.y); y < plot.y + plot.height - 10; ++y) {
    for (int x = static_cast<int>(plot.x) + 1; x < plot.x + plot.width; ++x) {
      ASSERT_EQ(picture.pixel(x, y)[0], 255) << x << ", " << y;
    }
  }
}

TEST(Chart, EdgeLabelsOfNearlyEqualValuesDoNotTouch) {
  Chart chart = bare_chart();
  chart.edge_labels = {
      {0.5, "first", blue}, {0.5, "second", vermilion}, {0.49, "third", colours::series_purple}};
  const Picture picture = picture_of(chart);
  const Painted first = painted(picture, close_to(blue, 40));
  const Painted second = painted(picture, close_to(vermilion, 40));
  const Painted third = painted(picture, close_to(colours::series_purple, 40));
  EXPECT_LT(first.bottom, second.top);
  EXPECT_LT(second.bottom, third.top);
  EXPECT_GT(first.left, frame_in_picture(chart).plot.x + frame_in_picture(chart).plot.width);
  EXPECT_LT(third.right, picture.width);
}

TEST(Chart, LabelsThatWouldTouchAreLeftOut) {
  Chart chart = bare_chart();
  for (int n = 0; n <= 100; ++n) {
    chart.x.ticks.push_back({0.1 * n, "label " + std::to_string(n)});
  }
  std::size_t shown = 0;
  for (const Tick& tick : frame_in_picture(chart).x.ticks) shown += tick.label.empty() ? 0 : 1;
  EXPECT_GE(shown, 4U);
  EXPECT_LE(shown, 9U);
}

TEST(Chart, SevenGroupsAreToldApartByColourMarkAndDash) {
  std::set<std::vector<double>> dashes;
  std::set<Mark> marks;
  std::set<std::vector<double>> colours_seen;
  for (std::size_t n = 0; n < 7; ++n) {
    const Look look = look_of(n);
    dashes.insert(look.dash);
    marks.insert(look.mark);
    colours_seen.insert({look.colour.red, look.colour.green, look.colour.blue});
  }
  EXPECT_EQ(dashes.size(), 7U);
  EXPECT_EQ(marks.size(), 7U);
  EXPECT_EQ(colours_seen.size(), 7U);
  EXPECT_EQ(look_of(7).mark, look_of(70).mark);
}

TEST(Chart, EveryMarkIsCentredOnItsPlace) {
  for (const Mark mark : {Mark::disc, Mark::square, Mark::triangle, Mark::diamond, Mark::ring,
                          Mark::cross, Mark::triangle_down, Mark::plus}) {
    Chart chart = bare_chart();
    chart.elements = {Marks{{{5, 0.5}}, mark, blue, 12}};
    const Painted drawn = painted(picture_of(chart), close_to(blue, 45));
    const Point place = frame_in_picture(chart).place(5, 0.5);
    EXPECT_GT(drawn.pixels, 40);
    EXPECT_NEAR((drawn.left + drawn.right + 1) / 2.0, place.x, 1.5);
    EXPECT_NEAR((drawn.top + drawn.bottom + 1) / 2.0, place.y, 3.5);
  }
}

TEST(Chart, TheSmallestTextHasSevenPointsInAColumnOf84Millimetres) {
  EXPECT_GE(least_text_size * (84 / 25.4 * 72) / chart_width, 7.0);
}

TEST(Chart, AsSvgItIsWellFormedAndSaysWhatItShows) {
  Chart chart = bare_chart();
  chart.title = "Dice <of> \"Ünïcode\" & more";
  chart.description = "13 patients";
  chart.elements = {Marks{{{7.5, 0.25}}, Mark::disc, blue, 8}, Guide{0.5, false, true, blue},
                    Note{0.1, 0.9, "AUC 0.9", Align::left, colours::ink}};
  const std::string svg = svg_of(chart, "en");
  EXPECT_EQ(made::fault_of_markup(svg), "");
  EXPECT_NE(svg.find("<title>Dice &lt;of&gt; &quot;Ünïcode&quot; &amp; more</title>"),
            std::string::npos);
  EXPECT_NE(svg.find("<desc>13 patients</desc>"), std::string::npos);
  EXPECT_EQ(svg, svg_of(chart, "en"));
  EXPECT_EQ(picture_of(chart).rgb, picture_of(chart).rgb);
}

TEST(Chart, ChartsBelowOneAnotherLineUp) {
  Chart first = bare_chart();
  first.edge_labels = {{0.5, "a long label at the end", colours::ink}};
  first.elements = {Marks{{{10, 0.5}}, Mark::square, blue, 8}};
  Chart second = bare_chart();
  second.y = axis(0, 100000);
  second.elements = {Marks{{{10, 50000}}, Mark::square, vermilion, 8}};
  const Picture picture = picture_of({first, second});
  EXPECT_NEAR(painted(picture, close_to(blue)).mean_x, painted(picture, close_to(vermilion)).mean_x,
              0.01);
  EXPECT_GT(painted(picture, close_to(vermilion)).top, painted(picture, close_to(blue)).bottom);
}

}  // namespace
}  // namespace dawson::report::chart
