import { Box, Text } from 'ink';
import { memo } from 'react';
import type { Line } from '../view/span.ts';
import { ansiOf } from './ansi.ts';

/** One line. Drawn again only when it differs: Ink lays out and measures every text that it is given. */
const Row = memo(({ text }: { readonly text: string }) => <Text wrap="truncate">{text}</Text>);

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
        <Row key={index} text={ansiOf(line, colours)} />
      ))}
    </Box>
  );
}
