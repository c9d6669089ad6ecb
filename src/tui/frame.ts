import { dialogRoom, type Layout, layoutOf } from './layout.ts';
import type { Model } from './state.ts';
import { dialogLines } from './view/dialog.ts';
import { messageLines } from './view/messages.ts';
import type { Line } from './view/span.ts';

/** What asks the person something, in the rows that there are for it. */
export function dialogOf(model: Model): readonly Line[] {
  const { columns, rows } = model.size;
  return dialogLines(model, columns, dialogRoom(rows, messageLines(model, columns).length));
}

/** Where everything is in this state of the view. */
export function frameOf(model: Model): Layout {
  const { columns, rows } = model.size;
  return layoutOf({
    columns,
    rows,
    choice: model.board.open ? 'list' : model.layout,
    split: model.split,
    agents: model.order.length,
    dialog: dialogOf(model).length,
    messages: messageLines(model, columns).length,
  });
}
