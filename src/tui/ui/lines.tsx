import { Box, Text } from 'ink';
import { memo } from 'react';
import type { Line, Span } from '../view/span.ts';

/** One line. Drawn again only when it differs: Ink lays out and measures every text that it is given. */
const Row = memo(
  ({ line, colours }: { readonly line: Line; readonly colours: boolean }) => (
    <Text wrap="truncate">
      {line.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a span has no identity but its place
        <Piece key={index} one={one} colours={colours} />
      ))}
    </Text>
  ),
  (before, after) => before.colours === after.colours && sameLine(before.line, after.line),
);

function Piece({ one, colours }: { readonly one: Span; readonly colours: boolean }) {
  const { text, colour, background, bold, dim, italic, underline, inverse } = one;
  return (
    <Text
      {...(colours && colour !== undefined ? { color: colour } : {})}
      {...(colours && background !== undefined ? { backgroundColor: background } : {})}
      bold={bold ?? false}
      dimColor={dim ?? false}
      italic={italic ?? false}
      underline={underline ?? false}
      inverse={inverse ?? false}
    >
      {text}
    </Text>
  );
}

function sameLine(one: Line, other: Line): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** Lines under each other in a box of fixed measures. */
export function Lines({
  lines,
  width,
  colours,
}: {
  readonly lines: readonly Line[];
  readonly width: number;
  readonly colours: boolean;
}) {
  return (
    <Box flexDirection="column" width={width} height={lines.length} flexShrink={0}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no identity but its place
        <Row key={index} line={line} colours={colours} />
      ))}
    </Box>
  );
}
